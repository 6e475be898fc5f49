#pragma once

#include <grpcpp/support/byte_buffer.h>

#include "absl/status/statusor.h"

#include "services/query/rate_request.h"

// From the bytes of the requests for rates to valid ones; see parse_rates.h for the errors of each.
// INVALID_REQUEST, besides, where the bytes are no such message.
namespace fairway::query {

absl::StatusOr<RateRequest> ReadRateRequest(const grpc::ByteBuffer& bytes);
absl::StatusOr<RateBatchRequest> ReadRateBatchRequest(const grpc::ByteBuffer& bytes);
absl::StatusOr<RateExportRequest> ReadRateExportRequest(const grpc::ByteBuffer& bytes);

}  // namespace fairway::query
