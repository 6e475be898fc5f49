#include "libs/domain/errors.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "libs/base/utf8_prefix.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

using absl::StatusCode;
using absl::StrCat;

absl::Status InvalidArgument(absl::string_view reason, absl::string_view field,
                             absl::string_view message, absl::string_view description) {
  return MakeError(StatusCode::kInvalidArgument, message,
                   {.reason = std::string(reason),
                    .field_violations = {{std::string(field), std::string(description)}}});
}

// `why` does not name the field; the message begins with it.
absl::Status InvalidField(absl::string_view reason, absl::string_view field,
                          absl::string_view why) {
  return InvalidArgument(reason, field, StrCat(field, ": ", why), why);
}

// `message` is a sentence of its own.
absl::Status InvalidContent(absl::string_view reason, absl::string_view field,
                            absl::string_view message) {
  return InvalidArgument(reason, field, message, message);
}

// What a client sent may be long; what is quoted of it is not.
std::string Quote(absl::string_view value) {
  const absl::string_view quoted = Utf8Prefix(value, limits::kRowErrorValueBytesMax);
  return StrCat("\"", quoted, quoted.size() < value.size() ? "…" : "", "\"");
}

std::string Name(const BatchKey& key) { return StrCat(key.partner, "/", key.batch_id); }

absl::Status BatchError(StatusCode code, absl::string_view reason, const BatchKey& key,
                        absl::string_view message, ErrorDetails details = {}) {
  details.reason = std::string(reason);
  details.metadata.insert(details.metadata.begin(),
                          {{"partner", key.partner}, {"batch_id", key.batch_id}});
  return MakeError(code, message, details);
}

absl::Status Unavailable(absl::string_view reason, absl::string_view message,
                         ErrorDetails details = {}) {
  details.reason = std::string(reason);
  details.retry_delay = limits::kRetryDelay;
  return MakeError(StatusCode::kUnavailable, message, details);
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
         StrCat(RowErrorReasonName(error.reason), ": ", Quote(error.value))});
  }
  return BatchError(
      StatusCode::kInvalidArgument, reasons::kBatchHasInvalidRows, key,
      StrCat(Counted(errors.bad_row_count, "bad row"), " with ",
             Counted(errors.error_count, "error"), " in batch ", Name(key), "; ", what_follows),
      std::move(details));
}

}  // namespace

absl::Status InvalidDateError(absl::string_view field, absl::string_view value,
                              absl::string_view why) {
  return InvalidField(reasons::kInvalidDate, field, StrCat(Quote(value), ": ", why));
}

absl::Status InvalidRangeError(absl::string_view first_date, absl::string_view last_date) {
  return InvalidContent(reasons::kInvalidRange, "last_date",
                        StrCat("last_date ", last_date, " lies before first_date ", first_date));
}

absl::Status RangeTooLargeError(int64_t days) {
  return InvalidContent(
      reasons::kRangeTooLarge, "last_date",
      StrCat("the range has ", days, " days; a query may ask for ", limits::kQueryDaysMax));
}

absl::Status AnswerTooLargeError(int64_t lanes, int64_t days, int64_t days_max) {
  return InvalidContent(
      reasons::kRangeTooLarge, "last_date",
      StrCat("the range has ", days, " days, and ", lanes, " lanes of more than ", days_max,
             " do not fit in one message; request fewer, or use ExportDailyRates"));
}

absl::Status InvalidLocationError(absl::string_view field, absl::string_view value,
                                  absl::string_view why) {
  return InvalidField(reasons::kInvalidLocation, field, StrCat(Quote(value), ": ", why));
}

absl::Status InvalidBatchIdError(absl::string_view value) {
  return InvalidField(reasons::kInvalidBatchId, "batch_id",
                      StrCat(Quote(value), ": expected ", limits::kBatchIdLengthMin, " to ",
                             limits::kBatchIdLengthMax, " of [a-z0-9-]"));
}

absl::Status InvalidPartnerError(absl::string_view value) {
  return InvalidField(
      reasons::kInvalidPartner, "partner",
      StrCat(Quote(value), ": expected 1 to ", limits::kPartnerLengthMax, " of [a-z0-9-]"));
}

absl::Status InvalidLabelError(absl::string_view why) {
  return InvalidField(reasons::kInvalidLabel, "label", why);
}

absl::Status InvalidPageTokenError(absl::string_view field) {
  return InvalidField(reasons::kInvalidPageToken, field,
                      "not a token that an earlier reply to this request returned");
}

absl::Status InvalidFilterError(absl::string_view field, absl::string_view why) {
  return InvalidField(reasons::kInvalidFilter, field, why);
}

absl::Status InvalidRequestError(absl::string_view field, absl::string_view why) {
  return InvalidField(reasons::kInvalidRequest, field, why);
}

absl::Status TooManyRowsError(int64_t rows_max, absl::string_view field) {
  return InvalidContent(reasons::kTooManyRows, field,
                        StrCat("a batch of this kind holds at most ", rows_max, " rows"));
}

absl::Status TooManyLanesError(int64_t lanes) {
  return InvalidContent(reasons::kTooManyLanes, "lanes",
                        StrCat(lanes, " lanes; at most ", limits::kQueryLanesMax, " per call"));
}

absl::Status TooManyLocationsError(int64_t locations_max) {
  return InvalidContent(reasons::kTooManyLocations, "ports",
                        StrCat("more than ", locations_max, " locations"));
}

absl::Status BatchEndMissingError() {
  return InvalidContent(
      reasons::kBatchEndMissing, "end",
      "the upload stopped without its end, so nothing was stored: send `end` last, "
      "or declare the row count in the header");
}

absl::Status BatchHasInvalidRowsError(const BatchKey& key, const RowErrorSummary& errors) {
  return InvalidRowsError(key, errors,
                          "nothing was stored; ListBatchErrors has the first 1,000 of each reason");
}

absl::Status ReplayHasInvalidRowsError(const BatchKey& key, const RowErrorSummary& errors) {
  return InvalidRowsError(key, errors,
                          "the id was committed with other content, which is unchanged");
}

absl::Status LocationNotFoundError(absl::string_view location) {
  return MakeError(StatusCode::kNotFound,
                   StrCat("no port or region ", Quote(location), " is known"),
                   {.reason = std::string(reasons::kLocationNotFound),
                    .metadata = {{"location", std::string(location)}}});
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

absl::Status LocationsOfLostHistoryError(const BatchKey& key) {
  ErrorDetails details;
  details.retry_delay = limits::kRetryDelay;
  return BatchError(StatusCode::kAborted, reasons::kWriterFenced, key,
                    StrCat("the database lost the history that the rows of batch ", Name(key),
                           " were checked against; nothing was stored, send it again"),
                    std::move(details));
}

absl::Status UploadInterruptedError() {
  return MakeError(StatusCode::kAborted,
                   "the task that received the batch stopped; nothing was stored",
                   {.reason = std::string(reasons::kUploadInterrupted)});
}

absl::Status ContentIncompleteError(absl::string_view field, absl::string_view declared,
                                    absl::string_view received) {
  const std::string why = StrCat("declared ", declared, ", received ", received);
  return MakeError(
      StatusCode::kFailedPrecondition, StrCat(field, ": ", why),
      {.reason = std::string(reasons::kContentIncomplete),
       .metadata = {{"declared", std::string(declared)}, {"received", std::string(received)}},
       .field_violations = {{std::string(field), why}}});
}

absl::Status BatchRevertedError(const BatchKey& key) {
  return BatchError(StatusCode::kFailedPrecondition, reasons::kBatchReverted, key,
                    StrCat("batch ", Name(key), " was committed and reverted; use another id"));
}

absl::Status OverloadedError(absl::string_view what) {
  return Unavailable(reasons::kOverloaded, StrCat("overloaded: ", what));
}

absl::Status DrainingError() {
  return Unavailable(reasons::kDraining, "this task is shutting down; reconnect");
}

absl::Status DatabaseUnavailableError(absl::string_view what) {
  return Unavailable(reasons::kDatabaseUnavailable,
                     StrCat("the database cannot be reached: ", what));
}

absl::Status VersionNotYetVisibleError(DatasetVersion asked, DatasetVersion held) {
  ErrorDetails details;
  details.metadata = {{"asked_version", StrCat(asked)}, {"held_version", StrCat(held)}};
  return Unavailable(reasons::kVersionNotYetVisible,
                     StrCat("version ", asked, " is not here yet; this replica holds ", held),
                     std::move(details));
}

absl::Status VersionPurgedError(DatasetVersion version) {
  return MakeError(absl::StatusCode::kOutOfRange,
                   StrCat("the changes after version ", version, " are no longer kept"),
                   {.reason = std::string(reasons::kVersionPurged)});
}

absl::Status VersionOfLostHistoryError(DatasetVersion version) {
  return MakeError(StatusCode::kOutOfRange,
                   StrCat("version ", version,
                          " belongs to a history that the database no longer has; start again "
                          "from the current version"),
                   {.reason = std::string(reasons::kVersionPurged)});
}

absl::Status VersionUnknownError(DatasetVersion asked, DatasetVersion newest) {
  return MakeError(StatusCode::kOutOfRange,
                   StrCat("version ", asked, " does not exist; the newest is ", newest),
                   {.reason = std::string(reasons::kVersionUnknown)});
}

absl::Status DeadlineExceededError() {
  return MakeError(StatusCode::kDeadlineExceeded, "the deadline of the call was exceeded",
                   {.reason = std::string(reasons::kDeadlineExceeded)});
}

absl::Status RequestTimedOutError(absl::Duration time_max) {
  return MakeError(
      StatusCode::kDeadlineExceeded,
      StrCat("the request was not received completely within ", absl::FormatDuration(time_max)),
      {.reason = std::string(reasons::kDeadlineExceeded)});
}

absl::Status UploadTimedOutError(absl::string_view why) {
  return MakeError(StatusCode::kDeadlineExceeded, why,
                   {.reason = std::string(reasons::kUploadTimedOut)});
}

absl::Status CancelledError() {
  return MakeError(StatusCode::kCancelled, "the client cancelled the call or disconnected",
                   {.reason = std::string(reasons::kCancelled)});
}

absl::Status NotImplementedError(absl::string_view what) {
  return MakeError(StatusCode::kUnimplemented, StrCat(what, " is not implemented in this release"),
                   {.reason = std::string(reasons::kNotImplemented)});
}

}  // namespace fairway
