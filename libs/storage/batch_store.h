#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/domain/batch.h"
#include "libs/domain/batch_id.h"
#include "libs/domain/row_error.h"
#include "libs/series/series_run.h"

namespace fairway {

// As the lane count of a content that is to be committed: the store counts them.
inline constexpr int64_t kLanesUncounted = -1;

// One attempt to store one batch; holds the batch's id until it is destroyed. What was appended
// stays invisible until Commit, and vanishes unless Commit succeeds. One thread at a time.
class BatchWriter {
 public:
  virtual ~BatchWriter() = default;

  // Stores the prices of a run, blocking as long as that takes.
  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::Status Append(const SeriesRun& run) = 0;

  // Makes all that was appended visible as one new version, after checking that as much is stored
  // as `content` says (its lanes are counted where that was not done), and that the history of
  // today contains `locations`, the version of the tree that the prices were checked against. OK
  // means committed, for ever; an outcome lost with a connection is looked up before this returns.
  // WRITER_FENCED when another attempt took the id over, or when the ids of ports may mean others
  // now; DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<BatchRecord> Commit(const BatchContent& content,
                                             const VersionId& locations) = 0;

  // Ends the attempt without storing prices, as FAILED or CANCELLED, and keeps what is known about
  // it: why, how much was received, and its row errors.
  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE (the id is free again all the same).
  virtual absl::Status End(BatchState state, const absl::Status& why, const BatchContent& received,
                           const RowErrorSummary& errors) = 0;
};

// What came of claiming an id: a writer, or the batch that has taken the id for ever.
struct BatchClaim {
  std::unique_ptr<BatchWriter> writer;
  std::optional<BatchRecord> settled;  // COMMITTED or REVERTED.
};

struct BatchFilter {
  std::string partner;                       // "": any.
  std::vector<BatchState> states;            // Empty: any.
  std::optional<absl::Time> created_from;    // Inclusive.
  std::optional<absl::Time> created_before;  // Exclusive.
};

// A page, newest first. `next` is given to List to go on behind it.
struct BatchPage {
  std::vector<BatchRecord> batches;
  std::optional<int64_t> next;
};

// A page in row order. `next` is given to ListErrors to go on behind it.
struct RowErrorPage {
  BatchRecord batch;
  int64_t stored_error_count = 0;
  std::vector<RowError> errors;
  std::optional<int64_t> next;
};

// What came of taking a batch out again.
struct BatchReversal {
  BatchRecord batch;      // REVERTED.
  bool replayed = false;  // It had been reverted before; nothing was changed.
};

// Keeps batches: what became of them, and their prices until readers see them. Thread-safe.
class BatchStore {
 public:
  virtual ~BatchStore() = default;

  // Claims the id for one attempt that must end by `deadline`. An attempt whose process died, and
  // any that ended without a commit, is replaced. BATCH_IN_PROGRESS while another attempt lives;
  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<BatchClaim> Claim(const BatchKey& key, absl::string_view label,
                                           const Deadline& deadline) = 0;

  // The last attempt. BATCH_NOT_FOUND.
  virtual absl::StatusOr<BatchRecord> Get(const BatchKey& key, const Deadline& deadline) = 0;

  // `after`: the `next` of the page before.
  virtual absl::StatusOr<BatchPage> List(const BatchFilter& filter, std::optional<int64_t> after,
                                         int limit, const Deadline& deadline) = 0;

  // BATCH_NOT_FOUND.
  virtual absl::StatusOr<RowErrorPage> ListErrors(const BatchKey& key, std::optional<int64_t> after,
                                                  int limit, const Deadline& deadline) = 0;

  // Takes a committed batch out again, whole, as one new version; its prices stay for readers of
  // earlier ones. May be repeated when the outcome is not known. BATCH_NOT_FOUND;
  // BATCH_NOT_COMMITTED; DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<BatchReversal> Revert(const BatchKey& key, const Deadline& deadline) = 0;

  // Ends the attempts whose process died (FAILED, UPLOAD_INTERRUPTED) and removes their prices.
  // Returns how many. Safe to run at any time, by any number of processes.
  virtual absl::StatusOr<int> SweepInterrupted(const Deadline& deadline) = 0;
};

}  // namespace fairway
