#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/testing/memory_dataset.h"

namespace fairway::testing {

// BatchStore over memory. Thread-safe.
class MemoryBatchStore final : public BatchStore {
 public:
  explicit MemoryBatchStore(MemoryDataset* dataset) : dataset_(dataset) {}

  absl::StatusOr<BatchClaim> Claim(const BatchKey& key, absl::string_view label,
                                   const Deadline& deadline) override;
  absl::StatusOr<BatchRecord> Get(const BatchKey& key, const Deadline& deadline) override;
  absl::StatusOr<BatchPage> List(const BatchFilter& filter, std::optional<int64_t> after, int limit,
                                 const Deadline& deadline) override;
  absl::StatusOr<RowErrorPage> ListErrors(const BatchKey& key, std::optional<int64_t> after,
                                          int limit, const Deadline& deadline) override;
  absl::StatusOr<BatchReversal> Revert(const BatchKey& key, const Deadline& deadline) override;
  absl::StatusOr<int> SweepInterrupted(const Deadline& deadline) override;

 private:
  MemoryDataset* const dataset_;
};

}  // namespace fairway::testing
