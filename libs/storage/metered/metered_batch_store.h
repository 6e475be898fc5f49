#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/metered/store_metrics.h"

namespace fairway {

// A BatchStore, and its writers, with metrics. Borrows the store. Thread-safe.
class MeteredBatchStore final : public BatchStore {
 public:
  MeteredBatchStore(BatchStore* store, StoreMetrics* metrics);

  absl::StatusOr<BatchClaim> Claim(const BatchKey& key, absl::string_view label,
                                   const Deadline& deadline) override;
  absl::StatusOr<BatchRecord> Get(const BatchKey& key, const Deadline& deadline) override;
  absl::StatusOr<BatchPage> List(const BatchFilter& filter, std::optional<int64_t> after, int limit,
                                 const Deadline& deadline) override;
  absl::StatusOr<RowErrorPage> ListErrors(const BatchKey& key, std::optional<int64_t> after,
                                          int limit, const Deadline& deadline) override;
  absl::StatusOr<BatchReversal> Revert(const BatchKey& key, const Deadline& deadline) override;
  absl::StatusOr<int> SweepInterrupted(const Deadline& deadline) override;

  struct WriterMetrics {
    OperationMetrics append;
    OperationMetrics commit;
    OperationMetrics end;
  };

 private:
  BatchStore& store_;
  const OperationMetrics claim_;
  const OperationMetrics get_;
  const OperationMetrics list_;
  const OperationMetrics list_errors_;
  const OperationMetrics revert_;
  const OperationMetrics sweep_;
  const WriterMetrics writer_;
};

}  // namespace fairway
