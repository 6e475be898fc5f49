#pragma once

#include <grpcpp/support/slice.h>

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "libs/domain/dataset_version.h"
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

// An ExportDailyRatesResponse, lane by lane: what a lane was written from is needed no longer.
class ExportMessage {
 public:
  // Unless the message would outgrow kExportMessageBytes by it; the first lane always gets in.
  bool Add(const NamedLane& lane, const LaneAnswer& answer);
  bool empty() const { return lanes_bytes_ == 0; }
  // The message, which must have lanes, with what holds for all of them. Comes last.
  grpc::Slice Finish(const VersionId& version, absl::string_view resume_token) const;

 private:
  grpc::Slice slice_;  // With room for all of the message.
  size_t lanes_bytes_ = 0;
};

}  // namespace fairway::query
