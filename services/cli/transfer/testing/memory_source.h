#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/price_files/csv_price_source.h"
#include "libs/price_files/testing/block_source.h"
#include "services/cli/transfer/batch_source.h"

namespace fairway::cli {

// A CSV file in memory, whose derived batch id is "derived-id". For one thread.
class MemorySource final : public BatchSource {
 public:
  explicit MemorySource(std::string csv) : csv_(std::move(csv)) {}

  std::string name() const override { return "memory"; }
  absl::StatusOr<std::string> BatchId() override { return "derived-id"; }
  absl::StatusOr<std::unique_ptr<price_files::PriceSource>> Open() override {
    ++open_count;
    return price_files::CsvPriceSource::Read(
        std::make_unique<price_files::BlockSource>(csv_, size_t{64} << 10));
  }
  void Declare(v1::BatchHeader& header) const override {
    header.set_declared_digest(declared_digest);
  }
  bool CanBeReadAgain() const override { return can_be_read_again; }
  bool SetsAside() const override { return sets_aside; }
  absl::Status SetAside(const std::string& error_report) override {
    reports.push_back(error_report);
    return set_aside_status;
  }

  std::string declared_digest;
  bool can_be_read_again = true;
  bool sets_aside = false;
  absl::Status set_aside_status;
  int open_count = 0;
  std::vector<std::string> reports;

 private:
  const std::string csv_;
};

}  // namespace fairway::cli
