#pragma once

#include "absl/time/time.h"

#include "libs/base/deadline.h"

namespace fairway {

// Sleeps for `time`; false when the deadline or its cancellation came first.
bool Pause(absl::Duration time, const Deadline& deadline);

}  // namespace fairway
