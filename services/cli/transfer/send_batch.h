#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"

#include "libs/price_files/price_source.h"

namespace fairway::cli {

// Uploads a batch in one attempt: all of `source`, or as much as the service reads. Nothing is
// committed if `source` fails. BATCH_HAS_INVALID_ROWS names the lines of the rows. May be called
// again for the same batch after a retryable error.
absl::StatusOr<v1::UploadBatchResponse> SendBatch(v1::PriceIngestService::Stub& ingest,
                                                  const v1::BatchHeader& header,
                                                  price_files::PriceSource& source);

}  // namespace fairway::cli
