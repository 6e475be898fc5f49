#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/domain/batch_id.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/day.h"
#include "libs/domain/row_error.h"

namespace fairway {

// RECEIVING -> COMMITTED -> REVERTED, or FAILED / CANCELLED / EXPIRED. Only COMMITTED and REVERTED
// take the id for ever; any other end leaves it free for another attempt.
enum class BatchState { kReceiving, kCommitted, kReverted, kFailed, kCancelled, kExpired };

// "COMMITTED"; the form states have in storage and in filters.
absl::string_view BatchStateName(BatchState state);
// DATA_LOSS when this release does not know the state.
absl::StatusOr<BatchState> ParseBatchState(absl::string_view name);

// What a batch holds, known once all of it was read.
struct BatchContent {
  int64_t row_count = 0;
  int64_t lane_count = 0;
  std::optional<DayRange> days;  // None when the batch has no rows.
  std::string digest;            // See libs/series/digest.h.

  friend bool operator==(const BatchContent&, const BatchContent&) = default;
};

// All there is to know about a batch: what GetBatch and ListBatches return, and the receipt.
struct BatchRecord {
  BatchKey key;
  BatchState state = BatchState::kReceiving;
  std::string label;
  BatchContent content;
  absl::Time create_time;
  std::optional<absl::Time> commit_time;
  std::optional<VersionId> committed_version;
  std::optional<VersionId> reverted_version;
  std::string failure_reason;  // An error reason, empty unless the batch failed.
  std::string failure_message;
  int64_t error_count = 0;
  int64_t bad_row_count = 0;
  std::array<int64_t, kRowErrorReasonCount> error_count_by_reason{};
};

// Whether `version` shows the batch: it was committed by then and not yet reverted.
bool IsVisible(const BatchRecord& batch, DatasetVersion version);

}  // namespace fairway
