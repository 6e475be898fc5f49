#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/domain/batch_id.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/error_details.h"
#include "libs/domain/row_error.h"

// Every failure a client can be told, by name: code, reason, message and details are decided here
// and nowhere else. The reasons are listed for clients in proto/fairway/v1/error_reason.proto.
namespace fairway {

// INVALID_ARGUMENT. `field` is the path in the request that is to blame.
absl::Status InvalidDateError(absl::string_view field, absl::string_view value,
                              absl::string_view why);
absl::Status InvalidRangeError(absl::string_view first_date, absl::string_view last_date);
absl::Status RangeTooLargeError(int64_t days);
// Each lane alone would do, but not all in one answer.
absl::Status AnswerTooLargeError(int64_t lanes, int64_t days, int64_t days_max);
absl::Status InvalidLocationError(absl::string_view field, absl::string_view value,
                                  absl::string_view why);
absl::Status InvalidBatchIdError(absl::string_view value);
absl::Status InvalidPartnerError(absl::string_view value);
absl::Status InvalidLabelError(absl::string_view why);
absl::Status InvalidPageTokenError();
absl::Status InvalidFilterError(absl::string_view field, absl::string_view why);
// Anything else that is wrong with a request.
absl::Status InvalidRequestError(absl::string_view field, absl::string_view why);
absl::Status TooManyRowsError(int64_t rows_max);
absl::Status TooManyLanesError(int64_t lanes);
absl::Status TooManyLocationsError(int64_t locations_max);
// An upload stopped without saying that all was sent.
absl::Status BatchEndMissingError();
// The first kReportedRowErrorsMax errors as field violations, the totals as metadata.
absl::Status BatchHasInvalidRowsError(const BatchKey& key, const RowErrorSummary& errors);
// The same reason for rows that were sent under the id of a batch that is committed. They are other
// content, and nothing of them is kept.
absl::Status ReplayHasInvalidRowsError(const BatchKey& key, const RowErrorSummary& errors);

// NOT_FOUND.
absl::Status LocationNotFoundError(absl::string_view location);
absl::Status BatchNotFoundError(const BatchKey& key);

// ALREADY_EXISTS: the id was committed with other content.
absl::Status BatchIdContentMismatchError(const BatchKey& key, absl::string_view committed_digest,
                                         absl::string_view sent_digest);
// ABORTED: another upload of this id is running.
absl::Status BatchInProgressError(const BatchKey& key);
// ABORTED: this upload lost its id to another one.
absl::Status WriterFencedError(const BatchKey& key);

// How a batch ends whose task died under it. Never a reply; told by GetBatch.
absl::Status UploadInterruptedError();

// FAILED_PRECONDITION.
// `field`: the path of the field that declared it.
absl::Status ContentIncompleteError(absl::string_view field, absl::string_view declared,
                                    absl::string_view received);
absl::Status BatchRevertedError(const BatchKey& key);

// UNAVAILABLE: ask again after the delay told.
absl::Status OverloadedError(absl::string_view what);
absl::Status DrainingError();
absl::Status DatabaseUnavailableError(absl::string_view what);
absl::Status VersionNotYetVisibleError(DatasetVersion asked, DatasetVersion held);

// ABORTED: the rows were checked against ports of a history that is lost; nothing was stored.
absl::Status LocationsOfLostHistoryError(const BatchKey& key);

// OUT_OF_RANGE: what followed this version is not kept any more.
absl::Status VersionPurgedError(DatasetVersion version);
// OUT_OF_RANGE: the database's history does not contain this version any more.
absl::Status VersionOfLostHistoryError(DatasetVersion version);
// OUT_OF_RANGE: there is no such version, and will not be one soon.
absl::Status VersionUnknownError(DatasetVersion asked, DatasetVersion newest);

// DEADLINE_EXCEEDED.
absl::Status DeadlineExceededError();
absl::Status RequestTimedOutError(absl::Duration time_max);
absl::Status UploadTimedOutError(absl::string_view why);

// CANCELLED: the client went away.
absl::Status CancelledError();

// UNIMPLEMENTED: part of the contract, not yet of this release.
absl::Status NotImplementedError(absl::string_view what);

}  // namespace fairway
