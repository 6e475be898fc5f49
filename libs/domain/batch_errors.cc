#include <algorithm>

#include "absl/strings/str_cat.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

// The errors of batches; the others are in errors.cc.
namespace fairway {
namespace {

using absl::StatusCode;
using absl::StrCat;

std::string Name(const BatchKey& key) { return StrCat(key.partner, "/", key.batch_id); }

absl::Status BatchError(StatusCode code, absl::string_view reason, const BatchKey& key,
                        absl::string_view message, ErrorDetails details = {}) {
  details.reason = std::string(reason);
  details.metadata.insert(details.metadata.begin(),
                          {{"partner", key.partner}, {"batch_id", key.batch_id}});
  return MakeError(code, message, details);
}

std::string Counted(int64_t count, absl::string_view noun) {
  return StrCat(count, " ", noun, count == 1 ? "" : "s");
}

absl::Status InvalidRowsError(const BatchKey& key, const RowErrorSummary& errors,
                              absl::string_view what_follows) {
  ErrorDetails details;
  details.metadata = {{"error_count", StrCat(errors.error_count)},
                      {"bad_row_count", StrCat(errors.bad_row_count)}};
  for (int i = 0; i < kRowErrorReasonCount; ++i) {
    if (errors.count_by_reason[i] == 0) continue;
    details.metadata.emplace_back(std::string(RowErrorReasonName(static_cast<RowErrorReason>(i))),
                                  StrCat(errors.count_by_reason[i]));
  }
  const size_t listed = std::min<size_t>(errors.first_errors.size(), limits::kReportedRowErrorsMax);
  for (const RowError& error : absl::MakeConstSpan(errors.first_errors).first(listed)) {
    details.field_violations.push_back(
        {StrCat("rows[", error.row_index, "].", error.field),
         StrCat(RowErrorReasonName(error.reason), ": ", QuoteValue(error.value))});
  }
  return BatchError(
      StatusCode::kInvalidArgument, reasons::kBatchHasInvalidRows, key,
      StrCat(Counted(errors.bad_row_count, "bad row"), " with ",
             Counted(errors.error_count, "error"), " in batch ", Name(key), "; ", what_follows),
      std::move(details));
}

}  // namespace

absl::Status BatchHasInvalidRowsError(const BatchKey& key, const RowErrorSummary& errors) {
  return InvalidRowsError(key, errors,
                          "nothing was stored; ListBatchErrors has the first 1,000 of each reason");
}

absl::Status ReplayHasInvalidRowsError(const BatchKey& key, const RowErrorSummary& errors) {
  return InvalidRowsError(key, errors,
                          "the id was committed with other content, which is unchanged");
}

absl::Status BatchNotFoundError(const BatchKey& key) {
  return BatchError(StatusCode::kNotFound, reasons::kBatchNotFound, key,
                    StrCat("no batch ", Name(key), " is known"));
}

absl::Status BatchIdContentMismatchError(const BatchKey& key, absl::string_view committed_digest,
                                         absl::string_view sent_digest) {
  ErrorDetails details;
  details.metadata = {{"committed_digest", std::string(committed_digest)},
                      {"sent_digest", std::string(sent_digest)}};
  return BatchError(StatusCode::kAlreadyExists, reasons::kBatchIdContentMismatch, key,
                    StrCat("batch ", Name(key), " was committed with other content (digest ",
                           committed_digest, ", sent ", sent_digest, ")"),
                    std::move(details));
}

absl::Status BatchInProgressError(const BatchKey& key) {
  ErrorDetails details;
  details.retry_delay = limits::kRetryDelay;
  return BatchError(StatusCode::kAborted, reasons::kBatchInProgress, key,
                    StrCat("batch ", Name(key), " is being uploaded by another call"),
                    std::move(details));
}

absl::Status WriterFencedError(const BatchKey& key) {
  return BatchError(StatusCode::kAborted, reasons::kWriterFenced, key,
                    StrCat("another upload of batch ", Name(key), " took over"));
}

absl::Status UploadInterruptedError() {
  return MakeError(StatusCode::kAborted,
                   "the task that received the batch stopped; nothing was stored",
                   {.reason = std::string(reasons::kUploadInterrupted)});
}

absl::Status LocationsOfLostHistoryError(const BatchKey& key) {
  ErrorDetails details;
  details.retry_delay = limits::kRetryDelay;
  return BatchError(StatusCode::kAborted, reasons::kWriterFenced, key,
                    StrCat("the database lost the history that the rows of batch ", Name(key),
                           " were checked against; nothing was stored, send it again"),
                    std::move(details));
}

absl::Status BatchRevertedError(const BatchKey& key) {
  return BatchError(StatusCode::kFailedPrecondition, reasons::kBatchReverted, key,
                    StrCat("batch ", Name(key), " was committed and reverted; use another id"));
}

absl::Status BatchNotCommittedError(const BatchKey& key, BatchState state) {
  return BatchError(StatusCode::kFailedPrecondition, reasons::kBatchNotCommitted, key,
                    StrCat("batch ", Name(key), " is ", BatchStateName(state),
                           ": only a committed batch can be reverted"));
}

}  // namespace fairway
