#include "libs/base/clock.h"

#include "absl/time/clock.h"

namespace fairway {

absl::Time SystemClock::Now() const { return absl::Now(); }

}  // namespace fairway
