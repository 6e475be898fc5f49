#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/domain/batch.h"
#include "libs/storage/location_store.h"
#include "services/ingest/list_batch_errors.h"
#include "services/ingest/list_batches.h"
#include "services/ingest/row_source.h"
#include "services/ingest/upload_header.h"

// Between the messages of the contract and the types of the domain. Nothing else knows both.
namespace fairway::ingest {

UploadHeader FromProto(const v1::BatchHeader& header);
UploadEnd FromProto(const v1::BatchEnd& end);

// INVALID_FILTER.
absl::StatusOr<ListBatchesQuery> FromProto(const v1::ListBatchesRequest& request);
ListBatchErrorsQuery FromProto(const v1::ListBatchErrorsRequest& request);

// INVALID_LOCATION for a malformed port code.
absl::StatusOr<LocationChanges> FromProto(const v1::ImportLocationsRequest& request);

void ToProto(const BatchRecord& batch, v1::Batch& out);
void ToProto(const ListBatchErrorsPage& page, v1::ListBatchErrorsResponse& out);
void ToProto(const LocationImport& import, v1::ImportLocationsResponse& out);

}  // namespace fairway::ingest
