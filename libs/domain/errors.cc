#include "libs/domain/errors.h"

#include "absl/strings/str_cat.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "libs/domain/region_levels.h"

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

// `slug`: of a region that the tree cannot have where it is.
absl::Status InvalidRegion(absl::string_view field, absl::string_view slug, absl::string_view why) {
  return MakeError(StatusCode::kInvalidArgument, StrCat(field, ": ", why),
                   {.reason = std::string(reasons::kInvalidLocation),
                    .metadata = {{"location", std::string(slug)}},
                    .field_violations = {{std::string(field), std::string(why)}}});
}

// `message` is a sentence of its own.
absl::Status InvalidContent(absl::string_view reason, absl::string_view field,
                            absl::string_view message) {
  return InvalidArgument(reason, field, message, message);
}

absl::Status NoLocation(absl::string_view location, absl::string_view message) {
  return MakeError(StatusCode::kNotFound, message,
                   {.reason = std::string(reasons::kLocationNotFound),
                    .metadata = {{"location", std::string(location)}}});
}

absl::Status Unavailable(absl::string_view reason, absl::string_view message,
                         ErrorDetails details = {}) {
  details.reason = std::string(reason);
  details.retry_delay = limits::kRetryDelay;
  return MakeError(StatusCode::kUnavailable, message, details);
}

}  // namespace

absl::Status InvalidDateError(absl::string_view field, absl::string_view value,
                              absl::string_view why) {
  return InvalidField(reasons::kInvalidDate, field, StrCat(QuoteValue(value), ": ", why));
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
  return InvalidField(reasons::kInvalidLocation, field, StrCat(QuoteValue(value), ": ", why));
}

absl::Status UnknownParentError(absl::string_view field, absl::string_view parent,
                                absl::string_view code) {
  return InvalidLocationError(field, parent, StrCat("no such region; parent of ", code));
}

absl::Status RegionInItselfError(absl::string_view slug, absl::string_view parent) {
  return InvalidRegion("regions.parent", slug,
                       StrCat(QuoteValue(parent), ": region ", slug, " ", LevelFault().Describe()));
}

absl::Status RegionTooDeepError(absl::string_view slug, int level) {
  return InvalidRegion(
      "regions.slug", slug,
      StrCat(QuoteValue(slug), ": the region ", LevelFault{.level = level}.Describe()));
}

absl::Status InvalidBatchIdError(absl::string_view value) {
  return InvalidField(reasons::kInvalidBatchId, "batch_id",
                      StrCat(QuoteValue(value), ": expected ", limits::kBatchIdLengthMin, " to ",
                             limits::kBatchIdLengthMax, " of [a-z0-9-]"));
}

absl::Status InvalidPartnerError(absl::string_view value) {
  return InvalidField(
      reasons::kInvalidPartner, "partner",
      StrCat(QuoteValue(value), ": expected 1 to ", limits::kPartnerLengthMax, " of [a-z0-9-]"));
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

absl::Status LocationNotFoundError(absl::string_view location) {
  return NoLocation(location, StrCat("no port or region ", QuoteValue(location), " is known"));
}

absl::Status PortIsNoRegionError(absl::string_view port) {
  return NoLocation(port, StrCat(QuoteValue(port), " is a port, not a region"));
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
