#pragma once

#include <condition_variable>
#include <list>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"

namespace fairway {

// Stands still until a test advances it, which wakes the threads whose wait is over. Waits cost no
// real time: a test awaits that the code under test waits, and then advances. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time start = absl::FromUnixSeconds(1'000'000)) : now_(start) {}

  absl::Time Now() const override;
  bool WaitUntil(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                 const Deadline& deadline, absl::FunctionRef<bool()> is_so) const override;

  // Not to be called with a lock that a wait on this clock uses.
  void Advance(absl::Duration by);

  // Blocks until `count` threads wait for a later time than now, and returns the earliest of those
  // times. Fails the test, and returns the infinite past, when that does not happen.
  absl::Time AwaitWaiters(int count = 1) const;
  // Advances by `time`, from one wake-up of `count` waiters to the next. Returns when all of them
  // wait again: what they do at each of these times is done.
  void Pass(absl::Duration time, int count = 1);

 private:
  struct Waiter {
    std::condition_variable_any* changed;
    std::mutex* mutex;
    absl::Time until;
  };

  int PendingWaiters(absl::Time& earliest) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Taken after the lock of a waiter, never before it.
  mutable std::mutex mutex_;
  mutable std::condition_variable registered_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
  mutable std::list<Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fairway
