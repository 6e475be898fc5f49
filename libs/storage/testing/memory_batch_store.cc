#include "libs/storage/testing/memory_batch_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "libs/base/utf8_prefix.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::testing {
namespace {

bool IsSettled(BatchState state) {
  return state == BatchState::kCommitted || state == BatchState::kReverted;
}

class MemoryBatchWriter final : public BatchWriter {
 public:
  MemoryBatchWriter(MemoryDataset* dataset, BatchKey key, int64_t id)
      : dataset_(dataset), key_(std::move(key)), id_(id) {}
  ~MemoryBatchWriter() override {
    const std::lock_guard lock(dataset_->mutex);
    dataset_->claimed.erase(key_);
  }

  absl::Status Append(const SeriesRun& run) override {
    for (size_t i = 0; i < run.series_count(); ++i) {
      const Series series = run.series(i);
      for (size_t j = 0; j < series.prices.size(); ++j) {
        prices_.push_back({series.lane, DayFromNumber(series.day_numbers[j]), series.prices[j]});
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<BatchRecord> Commit(const BatchContent& content,
                                     const VersionId& locations) override {
    const std::lock_guard lock(dataset_->mutex);
    const auto found = dataset_->content.batches.find(key_);
    if (found == dataset_->content.batches.end() || found->second.id != id_) {
      return WriterFencedError(key_);
    }
    MemoryDatasetContent::Attempt& attempt = found->second;
    if (!dataset_->content.Contains(locations)) return LocationsOfLostHistoryError(key_);
    if (content.row_count != static_cast<int64_t>(prices_.size())) {
      return absl::InternalError("less was stored than received");
    }
    attempt.prices = std::move(prices_);
    attempt.record.state = BatchState::kCommitted;
    attempt.record.content = content;
    if (content.lane_count == kLanesUncounted) {
      std::set<Lane> lanes;
      for (const StoredPrice& price : attempt.prices) lanes.insert(price.lane);
      attempt.record.content.lane_count = static_cast<int64_t>(lanes.size());
    }
    attempt.record.committed_version = dataset_->Bump(CommitKind::kCommit, attempt.record.key);
    attempt.record.commit_time = dataset_->content.commit_time;
    return attempt.record;
  }

  absl::Status End(BatchState state, const absl::Status& why, const BatchContent& received,
                   const RowErrorSummary& errors) override {
    const std::lock_guard lock(dataset_->mutex);
    const auto found = dataset_->content.batches.find(key_);
    if (found == dataset_->content.batches.end() || found->second.id != id_) {
      return absl::OkStatus();
    }
    MemoryDatasetContent::Attempt& attempt = found->second;
    attempt.record.state = state;
    attempt.record.content = received;
    attempt.record.failure_reason = ReasonOf(why);
    attempt.record.failure_message =
        std::string(Utf8Prefix(why.message(), limits::kFailureMessageBytesMax));
    attempt.record.error_count = errors.error_count;
    attempt.record.bad_row_count = errors.bad_row_count;
    attempt.record.error_count_by_reason = errors.count_by_reason;
    attempt.errors = errors.first_errors;
    return absl::OkStatus();
  }

 private:
  MemoryDataset* const dataset_;
  const BatchKey key_;
  const int64_t id_;
  std::vector<StoredPrice> prices_;
};

bool Matches(const BatchFilter& filter, const BatchRecord& record) {
  if (!filter.partner.empty() && filter.partner != record.key.partner) return false;
  if (!filter.states.empty() &&
      std::find(filter.states.begin(), filter.states.end(), record.state) == filter.states.end()) {
    return false;
  }
  if (filter.created_from && record.create_time < *filter.created_from) return false;
  return !filter.created_before || record.create_time < *filter.created_before;
}

}  // namespace

absl::StatusOr<BatchClaim> MemoryBatchStore::Claim(const BatchKey& key, absl::string_view label,
                                                   const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  const auto known = dataset_->content.batches.find(key);
  if (known != dataset_->content.batches.end() && IsSettled(known->second.record.state)) {
    return BatchClaim{.settled = known->second.record};
  }
  if (!dataset_->claimed.insert(key).second) return BatchInProgressError(key);
  MemoryDatasetContent::Attempt attempt{.id = ++dataset_->content.last_attempt_id};
  attempt.record.key = key;
  attempt.record.label = std::string(label);
  attempt.record.create_time = dataset_->clock->Now();
  dataset_->content.batches[key] = std::move(attempt);
  return BatchClaim{.writer = std::make_unique<MemoryBatchWriter>(
                        dataset_, key, dataset_->content.last_attempt_id)};
}

absl::StatusOr<BatchRecord> MemoryBatchStore::Get(const BatchKey& key,
                                                  const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  const auto found = dataset_->content.batches.find(key);
  if (found == dataset_->content.batches.end()) return BatchNotFoundError(key);
  return found->second.record;
}

absl::StatusOr<BatchPage> MemoryBatchStore::List(const BatchFilter& filter,
                                                 std::optional<int64_t> after, int limit,
                                                 const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  std::vector<const MemoryDatasetContent::Attempt*> found;
  for (const auto& [key, attempt] : dataset_->content.batches) {
    if (Matches(filter, attempt.record) && (!after || attempt.id < *after)) {
      found.push_back(&attempt);
    }
  }
  std::sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->id > b->id; });
  BatchPage page;
  for (const MemoryDatasetContent::Attempt* attempt : found) {
    if (page.batches.size() == static_cast<size_t>(limit)) break;
    page.batches.push_back(attempt->record);
    if (attempt != found.back()) page.next = attempt->id;
  }
  if (page.batches.size() == found.size()) page.next.reset();
  return page;
}

absl::StatusOr<RowErrorPage> MemoryBatchStore::ListErrors(const BatchKey& key,
                                                          std::optional<int64_t> after, int limit,
                                                          const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  const auto found = dataset_->content.batches.find(key);
  if (found == dataset_->content.batches.end()) return BatchNotFoundError(key);
  const std::vector<RowError>& errors = found->second.errors;
  RowErrorPage page{.batch = found->second.record,
                    .stored_error_count = static_cast<int64_t>(errors.size())};
  size_t position = after ? static_cast<size_t>(*after) + 1 : 0;
  while (position < errors.size() && page.errors.size() < static_cast<size_t>(limit)) {
    page.errors.push_back(errors[position++]);
  }
  if (position < errors.size()) page.next = static_cast<int64_t>(position) - 1;
  return page;
}

absl::StatusOr<BatchReversal> MemoryBatchStore::Revert(const BatchKey& key,
                                                       const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  const auto found = dataset_->content.batches.find(key);
  if (found == dataset_->content.batches.end()) return BatchNotFoundError(key);
  BatchRecord& batch = found->second.record;
  if (batch.state == BatchState::kReverted) return BatchReversal{batch, /*replayed=*/true};
  if (batch.state != BatchState::kCommitted) return BatchNotCommittedError(key, batch.state);
  batch.state = BatchState::kReverted;
  batch.reverted_version = dataset_->Bump(CommitKind::kRevert, key);
  return BatchReversal{batch};
}

absl::StatusOr<int> MemoryBatchStore::SweepInterrupted(const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  int swept = 0;
  for (auto& [key, attempt] : dataset_->content.batches) {
    if (attempt.record.state != BatchState::kReceiving || dataset_->claimed.contains(key)) continue;
    const absl::Status why = UploadInterruptedError();
    attempt.record.state = BatchState::kFailed;
    attempt.record.failure_reason = ReasonOf(why);
    attempt.record.failure_message = std::string(why.message());
    ++swept;
  }
  return swept;
}

}  // namespace fairway::testing
