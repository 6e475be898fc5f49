#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/rate_reader.h"
#include "libs/storage/testing/memory_dataset.h"

namespace fairway::testing {

// RateReader over memory: looks at every price there is. Thread-safe.
class MemoryRateReader final : public RateReader {
 public:
  explicit MemoryRateReader(MemoryDataset* dataset) : dataset_(dataset) {}

  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency& consistency,
                                                               const Deadline& deadline) override;
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline& deadline) override;

 private:
  MemoryDataset* const dataset_;
};

}  // namespace fairway::testing
