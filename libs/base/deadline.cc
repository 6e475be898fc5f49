#include "libs/base/deadline.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace fairway {

absl::Status Deadline::Check() const {
  if (cancelled()) return absl::CancelledError("the caller gave up");
  if (absl::Now() >= time_) return absl::DeadlineExceededError("the deadline of the call passed");
  return absl::OkStatus();
}

Deadline Deadline::NotAfter(absl::Time time) const { return {std::min(time_, time), stop_}; }

}  // namespace fairway
