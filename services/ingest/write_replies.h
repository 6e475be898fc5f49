#pragma once

#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/domain/batch.h"
#include "libs/storage/location_store.h"
#include "services/ingest/list_batch_errors.h"

// From the results of the operations to the messages of the contract.
namespace fairway::ingest {

void ToProto(const BatchRecord& batch, v1::Batch& out);
void ToProto(const ListBatchErrorsPage& page, v1::ListBatchErrorsResponse& out);
void ToProto(const LocationImport& import, v1::ImportLocationsResponse& out);

}  // namespace fairway::ingest
