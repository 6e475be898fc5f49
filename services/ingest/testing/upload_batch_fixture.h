#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/testing/memory_batch_store.h"
#include "libs/storage/testing/memory_location_store.h"
#include "libs/storage/testing/memory_rate_reader.h"
#include "services/ingest/upload_batch.h"

namespace fairway::ingest {

struct Row {
  std::string origin;
  std::string destination;
  std::string day;
  int64_t price;
};

// Chunks of rows, and then what is said at the end, or a failure. Counts what was asked for.
class FakeSource final : public RowSource {
 public:
  explicit FakeSource(std::vector<std::vector<Row>> chunks,
                      std::optional<UploadEnd> end = UploadEnd{})
      : chunks_(std::move(chunks)), end_(std::move(end)) {}
  FakeSource(std::vector<std::vector<Row>> chunks, absl::Status failure)
      : chunks_(std::move(chunks)), failure_(std::move(failure)) {}

  absl::StatusOr<const RawBlock*> Next() override {
    if (next_ == chunks_.size()) {
      ++next_;
      if (!failure_.ok()) return failure_;
      return nullptr;
    }
    rows_.clear();
    for (const Row& row : chunks_[next_]) {
      rows_.push_back({row.origin, row.destination, row.day, row.price});
    }
    ++next_;
    block_ = RawRows(rows_);
    return &block_;
  }
  std::optional<UploadEnd> end() const override { return end_; }
  bool touched() const { return next_ > 0; }

 private:
  const std::vector<std::vector<Row>> chunks_;
  const std::optional<UploadEnd> end_;
  const absl::Status failure_;
  size_t next_ = 0;
  std::vector<RawPrice> rows_;
  RawBlock block_;
};

inline std::vector<Row> GoodRows() {
  return {{"CNSHA", "NLRTM", "2021-01-01", 100},
          {"CNSHA", "NLRTM", "2021-01-03", 300},
          {"NLRTM", "CNSHA", "2021-01-02", 200}};
}

// Uploads of the batch acme/batch-1 into the memory stores, which hold two ports.
class UploadBatchFixture : public ::testing::Test {
 protected:
  UploadBatchFixture() {
    const auto port = [](absl::string_view code) {
      return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = "world"};
    };
    FAIRWAY_EXPECT_OK(locations_.Import(
        {.regions = {{"world", "World", std::nullopt}}, .ports = {port("CNSHA"), port("NLRTM")}},
        Soon()));
  }

  static UploadHeader Header() { return {.key = {"acme", "batch-1"}}; }

  absl::StatusOr<UploadReceipt> Upload(const UploadHeader& header, FakeSource source) {
    return upload_.Run(header, source, Soon());
  }
  absl::StatusOr<UploadReceipt> Upload(std::vector<std::vector<Row>> chunks) {
    return Upload(Header(), FakeSource(std::move(chunks)));
  }
  BatchRecord Record() { return batches_.Get(Header().key, Soon()).value(); }
  int64_t StoredPrices() { return rates_.ReadDataset(Soon())->price_count; }

  const SystemClock clock_;
  testing::MemoryDataset dataset_{&clock_};
  testing::MemoryLocationStore locations_{&dataset_};
  testing::MemoryBatchStore batches_{&dataset_};
  testing::MemoryRateReader rates_{&dataset_};
  Admission admission_{&clock_};
  UploadBatch upload_{&batches_, &locations_, &admission_};
};

}  // namespace fairway::ingest
