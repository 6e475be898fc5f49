#pragma once

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

#include "libs/base/deadline.h"

namespace fairway {

// Waits until `is_so` holds (true) or until `deadline` (false). Locks here are those of the
// standard library, because ThreadSanitizer cannot see into those of a library built without it.
template <typename Predicate>
bool WaitUntil(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
               absl::Time deadline, Predicate is_so) {
  if (deadline == absl::InfiniteFuture()) {
    changed.wait(lock, is_so);
    return true;
  }
  return changed.wait_until(lock, absl::ToChronoTime(deadline), is_so);
}

// The same; it also ends (false) when the deadline is cancelled.
template <typename Predicate>
bool WaitUntil(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
               const Deadline& deadline, Predicate is_so) {
  if (deadline.time() == absl::InfiniteFuture()) return changed.wait(lock, deadline.stop(), is_so);
  return changed.wait_until(lock, deadline.stop(), absl::ToChronoTime(deadline.time()), is_so);
}

}  // namespace fairway
