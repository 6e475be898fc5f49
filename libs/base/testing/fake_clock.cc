#include "libs/base/testing/fake_clock.h"

#include <algorithm>
#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"

namespace fairway {

absl::Time FakeClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

bool FakeClock::WaitUntil(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                          const Deadline& deadline, absl::FunctionRef<bool()> is_so) const {
  std::list<Waiter> waiter = {{&changed, lock.mutex(), deadline.time()}};
  const auto position = waiter.begin();
  {
    const std::lock_guard own_lock(mutex_);
    waiters_.splice(waiters_.end(), waiter);
    registered_.notify_all();
  }
  changed.wait(lock, deadline.stop(), [&] { return is_so() || Now() >= deadline.time(); });
  {
    const std::lock_guard own_lock(mutex_);
    waiters_.erase(position);
  }
  return is_so();
}

// A waiter that holds its mutex is about to look at the time or to sleep, and a notification could
// come between the two. Its mutex cannot be awaited here, because waiters take the locks in the
// other order.
void FakeClock::Advance(absl::Duration by) {
  std::unique_lock lock(mutex_);
  now_ += by;
  const auto is_notified = [](const Waiter& waiter) {
    const std::unique_lock waiter_lock(*waiter.mutex, std::try_to_lock);
    if (!waiter_lock.owns_lock()) return false;
    waiter.changed->notify_all();
    return true;
  };
  while (!std::all_of(waiters_.begin(), waiters_.end(), is_notified)) {
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
}

absl::Time FakeClock::AwaitWaiters(int count) const {
  std::unique_lock lock(mutex_);
  absl::Time earliest;
  const bool in_time = registered_.wait_until(
      lock, absl::ToChronoTime(Soon()),
      [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return PendingWaiters(earliest) >= count; });
  if (in_time) return earliest;
  ADD_FAILURE() << "fewer than " << count << " threads wait on the clock";
  return absl::InfinitePast();
}

int FakeClock::PendingWaiters(absl::Time& earliest) const {
  earliest = absl::InfiniteFuture();
  int count = 0;
  for (const Waiter& waiter : waiters_) {
    if (waiter.until <= now_) continue;
    earliest = std::min(earliest, waiter.until);
    ++count;
  }
  return count;
}

void FakeClock::Pass(absl::Duration time, int count) {
  const absl::Time end = Now() + time;
  for (absl::Time wake = AwaitWaiters(count); wake <= end; wake = AwaitWaiters(count)) {
    if (wake == absl::InfinitePast()) return;
    Advance(wake - Now());
  }
  Advance(end - Now());
}

}  // namespace fairway
