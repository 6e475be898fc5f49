#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/ingest/list_batch_errors.h"
#include "services/ingest/list_batches.h"
#include "services/ingest/row_source.h"
#include "services/ingest/upload_header.h"

// From the messages of the contract to valid requests for batches. Each function returns every
// field that is wrong, at once.
namespace fairway::ingest {

// INVALID_PARTNER, INVALID_BATCH_ID, INVALID_LABEL, INVALID_REQUEST, TOO_MANY_ROWS; then
// NOT_IMPLEMENTED.
absl::StatusOr<UploadHeader> ParseUploadHeader(const v1::BatchHeader& header);
// INVALID_REQUEST.
absl::StatusOr<UploadEnd> ParseUploadEnd(const v1::BatchEnd& end);

// INVALID_PARTNER, INVALID_BATCH_ID.
absl::StatusOr<BatchKey> ParseGetBatchRequest(const v1::GetBatchRequest& request);
absl::StatusOr<BatchKey> ParseRevertBatchRequest(const v1::RevertBatchRequest& request);

// INVALID_PARTNER, INVALID_FILTER, INVALID_REQUEST, INVALID_PAGE_TOKEN.
absl::StatusOr<BatchListRequest> ParseBatchListRequest(const v1::ListBatchesRequest& request);

// INVALID_PARTNER, INVALID_BATCH_ID, INVALID_REQUEST, INVALID_PAGE_TOKEN.
absl::StatusOr<BatchErrorListRequest> ParseBatchErrorListRequest(
    const v1::ListBatchErrorsRequest& request);

}  // namespace fairway::ingest
