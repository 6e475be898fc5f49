#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/domain/batch.h"
#include "libs/domain/batch_id.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/error_details.h"
#include "libs/domain/row_error.h"

// Every failure that a client can receive, by name: code, reason, message and details are decided
// here and nowhere else. For the reasons see error_reason.h.
namespace fairway {

// INVALID_ARGUMENT. `field`: the path of the bad field in the request.
absl::Status InvalidDateError(absl::string_view field, absl::string_view value,
                              absl::string_view why);
absl::Status InvalidRangeError(absl::string_view first_date, absl::string_view last_date);
absl::Status RangeTooLargeError(int64_t days);
// Each lane fits in an answer, but not all of them in one.
absl::Status AnswerTooLargeError(int64_t lanes, int64_t days, int64_t days_max);
absl::Status InvalidLocationError(absl::string_view field, absl::string_view value,
                                  absl::string_view why);
// Of the tree of locations. `code`: of the region or port whose parent does not exist.
absl::Status UnknownParentError(absl::string_view field, absl::string_view parent,
                                absl::string_view code);
// Both have the region as metadata "location": it may be another one than those that a request
// names.
absl::Status RegionInItselfError(absl::string_view slug, absl::string_view parent);
absl::Status RegionTooDeepError(absl::string_view slug, int level);
absl::Status InvalidBatchIdError(absl::string_view value);
absl::Status InvalidPartnerError(absl::string_view value);
absl::Status InvalidLabelError(absl::string_view why);
// `field`: page_token or resume_token.
absl::Status InvalidPageTokenError(absl::string_view field = "page_token");
absl::Status InvalidFilterError(absl::string_view field, absl::string_view why);
// Anything else that is wrong with a request.
absl::Status InvalidRequestError(absl::string_view field, absl::string_view why);
absl::Status TooManyRowsError(int64_t rows_max, absl::string_view field = "rows");
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
// A region was asked for, and `port` is a port.
absl::Status PortIsNoRegionError(absl::string_view port);
absl::Status BatchNotFoundError(const BatchKey& key);

// ALREADY_EXISTS: the id was committed with other content.
absl::Status BatchIdContentMismatchError(const BatchKey& key, absl::string_view committed_digest,
                                         absl::string_view sent_digest);
// ABORTED: another upload of this id is running.
absl::Status BatchInProgressError(const BatchKey& key);
// ABORTED: this upload lost its id to another one.
absl::Status WriterFencedError(const BatchKey& key);

// The failure of a batch whose task died. Never the status of a reply: GetBatch reports it.
absl::Status UploadInterruptedError();

// FAILED_PRECONDITION.
// `field`: the path of the field that declared it.
absl::Status ContentIncompleteError(absl::string_view field, absl::string_view declared,
                                    absl::string_view received);
absl::Status BatchRevertedError(const BatchKey& key);
absl::Status BatchNotCommittedError(const BatchKey& key, BatchState state);

// UNAVAILABLE: retry after the delay in the details.
absl::Status OverloadedError(absl::string_view what);
absl::Status DrainingError();
absl::Status DatabaseUnavailableError(absl::string_view what);
absl::Status VersionNotYetVisibleError(DatasetVersion asked, DatasetVersion held);

// ABORTED: the rows were checked against ports of a history that is lost; nothing was stored.
absl::Status LocationsOfLostHistoryError(const BatchKey& key);

// OUT_OF_RANGE: the changes after this version are no longer kept.
absl::Status VersionPurgedError(DatasetVersion version);
// OUT_OF_RANGE: the database's history no longer contains this version.
absl::Status VersionOfLostHistoryError(DatasetVersion version);
// OUT_OF_RANGE: the version does not exist, and will not soon.
absl::Status VersionUnknownError(DatasetVersion asked, DatasetVersion newest);

// DEADLINE_EXCEEDED.
absl::Status DeadlineExceededError();
absl::Status RequestTimedOutError(absl::Duration time_max);
absl::Status UploadTimedOutError(absl::string_view why);

// CANCELLED: the client cancelled the call or disconnected.
absl::Status CancelledError();

// UNIMPLEMENTED: part of the contract, but not of this release.
absl::Status NotImplementedError(absl::string_view what);

}  // namespace fairway
