#include "libs/storage/metered/metered_batch_store.h"

#include <memory>
#include <utility>

namespace fairway {
namespace {

class MeteredBatchWriter final : public BatchWriter {
 public:
  MeteredBatchWriter(std::unique_ptr<BatchWriter> writer,
                     const MeteredBatchStore::WriterMetrics& metrics)
      : writer_(std::move(writer)), metrics_(metrics) {}

  absl::Status Append(const SeriesRun& run) override {
    return metrics_.append.Measure([&] { return writer_->Append(run); });
  }
  absl::StatusOr<BatchRecord> Commit(const BatchContent& content,
                                     const VersionId& locations) override {
    return metrics_.commit.Measure([&] { return writer_->Commit(content, locations); });
  }
  absl::Status End(BatchState state, const absl::Status& why, const BatchContent& received,
                   const RowErrorSummary& errors) override {
    return metrics_.end.Measure([&] { return writer_->End(state, why, received, errors); });
  }

 private:
  const std::unique_ptr<BatchWriter> writer_;
  const MeteredBatchStore::WriterMetrics metrics_;
};

}  // namespace

MeteredBatchStore::MeteredBatchStore(BatchStore* store, StoreMetrics* metrics)
    : store_(*store),
      claim_(metrics->ForOperation("claim_batch")),
      get_(metrics->ForOperation("get_batch")),
      list_(metrics->ForOperation("list_batches")),
      list_errors_(metrics->ForOperation("list_batch_errors")),
      revert_(metrics->ForOperation("revert_batch")),
      sweep_(metrics->ForOperation("sweep_batches")),
      writer_({.append = metrics->ForOperation("append_series"),
               .commit = metrics->ForOperation("commit_batch"),
               .end = metrics->ForOperation("end_batch")}) {}

absl::StatusOr<BatchClaim> MeteredBatchStore::Claim(const BatchKey& key, absl::string_view label,
                                                    const Deadline& deadline) {
  absl::StatusOr<BatchClaim> claim =
      claim_.Measure([&] { return store_.Claim(key, label, deadline); });
  if (claim.ok() && claim->writer != nullptr) {
    claim->writer = std::make_unique<MeteredBatchWriter>(std::move(claim->writer), writer_);
  }
  return claim;
}

absl::StatusOr<BatchRecord> MeteredBatchStore::Get(const BatchKey& key, const Deadline& deadline) {
  return get_.Measure([&] { return store_.Get(key, deadline); });
}

absl::StatusOr<BatchPage> MeteredBatchStore::List(const BatchFilter& filter,
                                                  std::optional<int64_t> after, int limit,
                                                  const Deadline& deadline) {
  return list_.Measure([&] { return store_.List(filter, after, limit, deadline); });
}

absl::StatusOr<RowErrorPage> MeteredBatchStore::ListErrors(const BatchKey& key,
                                                           std::optional<int64_t> after, int limit,
                                                           const Deadline& deadline) {
  return list_errors_.Measure([&] { return store_.ListErrors(key, after, limit, deadline); });
}

absl::StatusOr<BatchReversal> MeteredBatchStore::Revert(const BatchKey& key,
                                                        const Deadline& deadline) {
  return revert_.Measure([&] { return store_.Revert(key, deadline); });
}

absl::StatusOr<int> MeteredBatchStore::SweepInterrupted(const Deadline& deadline) {
  return sweep_.Measure([&] { return store_.SweepInterrupted(deadline); });
}

}  // namespace fairway
