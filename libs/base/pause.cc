#include "libs/base/pause.h"

#include <condition_variable>
#include <mutex>

#include "absl/time/clock.h"

#include "libs/base/wait_until.h"

namespace fairway {

bool Pause(absl::Duration time, const Deadline& deadline) {
  std::mutex mutex;
  std::condition_variable_any nothing;
  std::unique_lock lock(mutex);
  const absl::Time end = absl::Now() + time;
  WaitUntil(nothing, lock, deadline.NotAfter(end), [] { return false; });
  return !deadline.cancelled() && end <= deadline.time();
}

}  // namespace fairway
