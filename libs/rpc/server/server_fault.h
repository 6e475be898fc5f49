#pragma once

#include "absl/status/status.h"

namespace fairway::rpc {

// Whether a call that ended so failed by the fault of this service or what it depends on, for the
// alarms that wake people and turn releases back. What clients can bring about is not: that they
// ask too much (OVERLOADED, quotas), too early (VERSION_NOT_YET_VISIBLE) or while a task drains,
// go away, or wait too short. `own_time_limit`: time was up, and it was the service's limit.
bool IsServerFault(const absl::Status& status, bool own_time_limit);

}  // namespace fairway::rpc
