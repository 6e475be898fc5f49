#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

// Every bound of the service in one place (the protos repeat them for clients). A size, time or
// count that has no entry here is a bug: memory must not grow with the length of a stream.
namespace fairway::limits {

// Messages.
inline constexpr int kMessageBytesMax = 4 << 20;
inline constexpr size_t kFieldErrorsMax = 20;         // That are listed of one request.
inline constexpr int kErrorDetailBytesMax = 4 << 10;  // Trailers beyond 8 KiB kill the reply.

// Queries.
inline constexpr int kQueryDaysMax = 1'830;
inline constexpr int kQueryLanesMax = 100;
// What a lane, a day of it, and a statistic of that day take in an answer, in bytes.
inline constexpr int kLaneBytesMax = 256;
inline constexpr int kRateBytesMax = 31;
inline constexpr int kStatisticBytesMax = 9;
inline constexpr size_t kKeptReplies = 1'024;  // At a time, each with its request.
inline constexpr size_t kKeptRequestBytesMax = 256;
inline constexpr size_t kKeptReplyBytesMax = 4 << 10;  // Some hundred days.
// A message of an export has as many lanes as fit. A lane takes 172 KB at most.
inline constexpr size_t kExportMessageBytes = 256 << 10;
inline constexpr int kExportListedLanes = 1'000;  // That an export looks up at a time.
inline constexpr absl::Duration kExportTimeMax = absl::Hours(1);
// A watch without news sends a heartbeat this often; the contract promises 30 s.
inline constexpr absl::Duration kWatchHeartbeat = absl::Seconds(15);
// A version this far above the newest is not on its way: VERSION_UNKNOWN.
inline constexpr int64_t kVersionsAheadMax = 1'000'000;
// Of a commit that touched more lanes, only their number is reported.
inline constexpr int kReportedLanesMax = 1'000;
inline constexpr int kMinPriceCount = 3;  // May be raised by a query, never lowered.
inline constexpr int kMinPriceCountMax = 1'000'000;
inline constexpr int kPageSizeDefault = 100;
inline constexpr int kPageSizeMax = 1'000;
inline constexpr size_t kPageBytesMax = 3 << 20;  // A page ends before it outgrows a message.

// Rows.
inline constexpr int32_t kPriceMin = 1;
inline constexpr int32_t kPriceMax = 10'000'000;  // Whole US dollars.

// Batches.
inline constexpr size_t kBatchIdLengthMin = 4;
inline constexpr size_t kBatchIdLengthMax = 63;
inline constexpr size_t kPartnerLengthMax = 63;
inline constexpr size_t kLabelBytesMax = 128;
inline constexpr int64_t kUploadRowsMax = 50'000'000;
inline constexpr absl::Duration kUploadTimeMax = absl::Minutes(30);
inline constexpr absl::Duration kUploadHeaderTimeMax = absl::Seconds(5);
inline constexpr absl::Duration kUploadIdleTimeMax = absl::Minutes(2);
// While others wait for its place, an upload that has used up this much waiting for its client has
// to leave. So many rows earn a second of it back.
inline constexpr absl::Duration kUploadWaitCreditMax = absl::Seconds(5);
inline constexpr int kUploadRowsPerSecondMin = 1'000;
inline constexpr int kChunkRowsMax = 1 << 20;
inline constexpr int64_t kStoredRowErrorsPerReasonMax = 1'000;
inline constexpr int kRejectedRowErrorsMax = 8;  // That a client has against one row.
inline constexpr int kFilterStatesMax = 16;
inline constexpr int kReportedRowErrorsMax = 20;
// Of the message that a failed batch keeps: a page of batches must fit in a message.
inline constexpr int kFailureMessageBytesMax = 2'048;
inline constexpr size_t kRowErrorValueBytesMax = 64;

// Locations.
inline constexpr size_t kRegionSlugLengthMax = 63;
inline constexpr int kRegionLevelsMax = 32;
inline constexpr size_t kLocationNameBytesMax = 200;
inline constexpr int kImportLocationsMax = 20'000;
inline constexpr int kLocationsMax = 262'144;

// Calls.
inline constexpr absl::Duration kUnaryDeadlineDefault = absl::Seconds(30);
inline constexpr absl::Duration kRetryDelay = absl::Seconds(1);

}  // namespace fairway::limits
