#include "libs/rpc/server/server_fault.h"

#include <string>

#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway::rpc {

bool IsServerFault(const absl::Status& status, bool own_time_limit) {
  const std::string reason = ReasonOf(status);
  switch (status.code()) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return true;
    case absl::StatusCode::kDeadlineExceeded:
      return own_time_limit;
    case absl::StatusCode::kUnavailable:
      return reason != reasons::kOverloaded && reason != reasons::kDraining &&
             reason != reasons::kVersionNotYetVisible;
    case absl::StatusCode::kResourceExhausted:
      return reason.empty() || reason == "RESOURCE_EXHAUSTED";
    default:
      return false;
  }
}

}  // namespace fairway::rpc
