#pragma once

#include "absl/time/time.h"

#include "libs/base/deadline.h"

namespace fairway {

// Sleeps for `time`, at most until `deadline` or its cancellation.
void Pause(absl::Duration time, const Deadline& deadline);

}  // namespace fairway
