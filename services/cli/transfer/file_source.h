#pragma once

#include <memory>
#include <string>
#include <utility>

#include "libs/price_files/csv_price_source.h"
#include "services/cli/transfer/batch_name.h"
#include "services/cli/transfer/batch_source.h"

namespace fairway::cli {

// A CSV file, or standard input ("-"). LOCAL_FILE, FILE_CONTENT.
class FileSource final : public BatchSource {
 public:
  explicit FileSource(std::string path) : path_(std::move(path)) {}

  std::string name() const override { return path_; }
  absl::StatusOr<std::string> BatchId() override { return BatchIdOfFile(path_); }
  absl::StatusOr<std::unique_ptr<price_files::PriceSource>> Open() override {
    return price_files::CsvPriceSource::Open(path_);
  }
  bool CanBeReadAgain() const override { return cli::CanBeReadAgain(path_); }

 private:
  const std::string path_;
};

}  // namespace fairway::cli
