#include "libs/base/clock.h"

#include "absl/time/clock.h"

#include "libs/base/wait_until.h"

namespace fairway {

absl::Time SystemClock::Now() const { return absl::Now(); }

bool SystemClock::WaitUntil(std::condition_variable_any& changed,
                            std::unique_lock<std::mutex>& lock, const Deadline& deadline,
                            absl::FunctionRef<bool()> is_so) const {
  return fairway::WaitUntil(changed, lock, deadline, is_so);
}

}  // namespace fairway
