#pragma once

#include <array>

#include "absl/strings/string_view.h"

// The reasons that errors carry, for programs to act on. The same names, with their codes and what
// they mean, are listed for clients in proto/fairway/v1/error_reason.proto; a test compares the
// two.
namespace fairway::reasons {

inline constexpr absl::string_view kInvalidDate = "INVALID_DATE";
inline constexpr absl::string_view kInvalidRange = "INVALID_RANGE";
inline constexpr absl::string_view kInvalidLocation = "INVALID_LOCATION";
inline constexpr absl::string_view kRangeTooLarge = "RANGE_TOO_LARGE";
inline constexpr absl::string_view kTooManyLanes = "TOO_MANY_LANES";
inline constexpr absl::string_view kInvalidBatchId = "INVALID_BATCH_ID";
inline constexpr absl::string_view kInvalidPartner = "INVALID_PARTNER";
inline constexpr absl::string_view kInvalidLabel = "INVALID_LABEL";
inline constexpr absl::string_view kInvalidPageToken = "INVALID_PAGE_TOKEN";
inline constexpr absl::string_view kInvalidFilter = "INVALID_FILTER";
inline constexpr absl::string_view kInvalidRequest = "INVALID_REQUEST";
inline constexpr absl::string_view kBatchHasInvalidRows = "BATCH_HAS_INVALID_ROWS";
inline constexpr absl::string_view kTooManyRows = "TOO_MANY_ROWS";
inline constexpr absl::string_view kTooManyLocations = "TOO_MANY_LOCATIONS";
inline constexpr absl::string_view kBatchEndMissing = "BATCH_END_MISSING";

inline constexpr absl::string_view kLocationNotFound = "LOCATION_NOT_FOUND";
inline constexpr absl::string_view kBatchNotFound = "BATCH_NOT_FOUND";

inline constexpr absl::string_view kBatchIdContentMismatch = "BATCH_ID_CONTENT_MISMATCH";

inline constexpr absl::string_view kBatchInProgress = "BATCH_IN_PROGRESS";
inline constexpr absl::string_view kWriterFenced = "WRITER_FENCED";
inline constexpr absl::string_view kChunkCorrupt = "CHUNK_CORRUPT";
inline constexpr absl::string_view kUploadInterrupted = "UPLOAD_INTERRUPTED";

inline constexpr absl::string_view kContentIncomplete = "CONTENT_INCOMPLETE";
inline constexpr absl::string_view kBatchNotOpen = "BATCH_NOT_OPEN";
inline constexpr absl::string_view kBatchReverted = "BATCH_REVERTED";
inline constexpr absl::string_view kBatchExpired = "BATCH_EXPIRED";
inline constexpr absl::string_view kBatchNotCommitted = "BATCH_NOT_COMMITTED";

inline constexpr absl::string_view kQuotaOpenBatches = "QUOTA_OPEN_BATCHES";
inline constexpr absl::string_view kQuotaStagedBytes = "QUOTA_STAGED_BYTES";

inline constexpr absl::string_view kOverloaded = "OVERLOADED";
inline constexpr absl::string_view kDraining = "DRAINING";
inline constexpr absl::string_view kDatabaseUnavailable = "DATABASE_UNAVAILABLE";
inline constexpr absl::string_view kVersionNotYetVisible = "VERSION_NOT_YET_VISIBLE";

inline constexpr absl::string_view kVersionPurged = "VERSION_PURGED";
inline constexpr absl::string_view kOffsetGap = "OFFSET_GAP";
inline constexpr absl::string_view kVersionUnknown = "VERSION_UNKNOWN";

inline constexpr absl::string_view kDeadlineExceeded = "DEADLINE_EXCEEDED";
inline constexpr absl::string_view kUploadTimedOut = "UPLOAD_TIMED_OUT";
inline constexpr absl::string_view kCancelled = "CANCELLED";
inline constexpr absl::string_view kNotImplemented = "NOT_IMPLEMENTED";
inline constexpr absl::string_view kInternal = "INTERNAL";

inline constexpr std::array kAll = {kInvalidDate,
                                    kInvalidRange,
                                    kInvalidLocation,
                                    kRangeTooLarge,
                                    kTooManyLanes,
                                    kInvalidBatchId,
                                    kInvalidPartner,
                                    kInvalidLabel,
                                    kInvalidPageToken,
                                    kInvalidFilter,
                                    kInvalidRequest,
                                    kBatchHasInvalidRows,
                                    kTooManyRows,
                                    kTooManyLocations,
                                    kBatchEndMissing,
                                    kLocationNotFound,
                                    kBatchNotFound,
                                    kBatchIdContentMismatch,
                                    kBatchInProgress,
                                    kWriterFenced,
                                    kChunkCorrupt,
                                    kUploadInterrupted,
                                    kContentIncomplete,
                                    kBatchNotOpen,
                                    kBatchReverted,
                                    kBatchExpired,
                                    kBatchNotCommitted,
                                    kQuotaOpenBatches,
                                    kQuotaStagedBytes,
                                    kOverloaded,
                                    kDraining,
                                    kDatabaseUnavailable,
                                    kVersionNotYetVisible,
                                    kVersionPurged,
                                    kOffsetGap,
                                    kVersionUnknown,
                                    kDeadlineExceeded,
                                    kUploadTimedOut,
                                    kCancelled,
                                    kNotImplemented,
                                    kInternal};

}  // namespace fairway::reasons
