#include "libs/base/pause.h"

#include <condition_variable>
#include <mutex>

#include "absl/time/clock.h"

#include "libs/base/wait_until.h"

namespace fairway {

void Pause(absl::Duration time, const Deadline& deadline) {
  std::mutex mutex;
  std::condition_variable_any nothing;
  std::unique_lock lock(mutex);
  WaitUntil(nothing, lock, deadline.NotAfter(absl::Now() + time), [] { return false; });
}

}  // namespace fairway
