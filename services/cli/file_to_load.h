#pragma once

#include <memory>
#include <string>
#include <utility>

#include "services/cli/batch_name.h"
#include "services/cli/load_source.h"

namespace fairway::cli {

// A file, whose batch is named after its bytes, or standard input ("-"), which has no name.
class FileToLoad final : public LoadSource {
 public:
  explicit FileToLoad(std::string path) : path_(std::move(path)) {}

  std::string name() const override { return path_; }
  // Reads the file. LOCAL_FILE; USAGE for standard input.
  absl::StatusOr<std::string> BatchId() override { return BatchIdOfFile(path_); }
  absl::StatusOr<std::unique_ptr<price_files::ByteSource>> Open() override {
    return price_files::FileByteSource::Open(path_);
  }
  bool CanBeReadAgain() const override { return cli::CanBeReadAgain(path_); }
  // The file is left alone: who has it has the error on the screen.
  absl::Status SetAside(const std::string&) override { return absl::OkStatus(); }

 private:
  const std::string path_;
};

}  // namespace fairway::cli
