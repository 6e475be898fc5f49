#pragma once

#include <grpcpp/support/slice.h>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "libs/domain/dataset_version.h"
#include "services/query/export_daily_rates.h"
#include "services/query/get_daily_rates.h"
#include "services/query/rate_request.h"

// From rates to the messages of the contract, as bytes: those that protobuf would write. Written
// without its objects, which would cost more than all else that a query takes.
namespace fairway::query {

// A GetDailyRatesResponse.
grpc::Slice WriteDailyRates(const LaneAnswer& answer);

// A BatchGetDailyRatesResponse. The status of a lane that failed is written like that of a call.
grpc::Slice WriteRateBatch(const VersionId& version, absl::Span<const LaneText> lanes,
                           absl::Span<const absl::StatusOr<LaneAnswer>> answers,
                           absl::string_view request_id);

// An ExportDailyRatesResponse.
grpc::Slice WriteExportPart(const VersionId& version, const RateExport::Part& part);

}  // namespace fairway::query
