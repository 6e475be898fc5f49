#include "libs/base/clock.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"

namespace fairway {
namespace {

TEST(FakeClockTest, MovesOnlyWhenAdvanced) {
  FakeClock clock(absl::UnixEpoch());
  EXPECT_EQ(clock.Now(), absl::UnixEpoch());
  clock.Advance(absl::Seconds(3));
  EXPECT_EQ(clock.Now(), absl::UnixEpoch() + absl::Seconds(3));
}

// A thread that waits on a clock for a minute, or until it is notified.
class Sleeper {
 public:
  explicit Sleeper(const Clock& clock)
      : thread_([this, &clock](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          const Deadline deadline(clock.Now() + absl::Minutes(1), stop);
          was_notified_ =
              clock.WaitUntil(changed_, lock, deadline, [this] { return is_notified_; });
        }) {}

  void Notify() {
    const std::lock_guard lock(mutex_);
    is_notified_ = true;
    changed_.notify_all();
  }
  void RequestStop() { thread_.request_stop(); }
  // What the wait returned, once it is over.
  bool Join() {
    thread_.join();
    return was_notified_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_notified_ = false;
  bool was_notified_ = false;
  std::jthread thread_;
};

TEST(FakeClockTest, WakesAWaiterWhenItsTimeComes) {
  FakeClock clock;
  const absl::Time start = clock.Now();
  Sleeper sleeper(clock);
  EXPECT_EQ(clock.AwaitWaiters(), start + absl::Minutes(1));
  clock.Advance(absl::Seconds(59));
  EXPECT_EQ(clock.AwaitWaiters(), start + absl::Minutes(1)) << "it waits on";
  clock.Advance(absl::Seconds(1));
  EXPECT_FALSE(sleeper.Join());
}

TEST(FakeClockTest, AWaitEndsWhenItsConditionHolds) {
  FakeClock clock;
  Sleeper sleeper(clock);
  clock.AwaitWaiters();
  sleeper.Notify();
  EXPECT_TRUE(sleeper.Join());
}

TEST(FakeClockTest, AWaitEndsWhenAStopIsRequested) {
  FakeClock clock;
  Sleeper sleeper(clock);
  clock.AwaitWaiters();
  sleeper.RequestStop();
  EXPECT_FALSE(sleeper.Join());
}

TEST(FakeClockTest, AwaitsAsManyWaitersAsAskedAndReturnsTheFirstTime) {
  FakeClock clock;
  const absl::Time start = clock.Now();
  Sleeper first(clock);
  clock.AwaitWaiters();
  clock.Advance(absl::Seconds(10));
  Sleeper second(clock);
  EXPECT_EQ(clock.AwaitWaiters(/*count=*/2), start + absl::Seconds(60));
  clock.Advance(absl::Seconds(50));
  EXPECT_FALSE(first.Join());
  EXPECT_EQ(clock.AwaitWaiters(), start + absl::Seconds(70));
  clock.Advance(absl::Seconds(10));
  EXPECT_FALSE(second.Join());
}

TEST(SystemClockTest, AWaitEndsByTimeConditionOrStop) {
  const SystemClock clock;
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  EXPECT_FALSE(
      clock.WaitUntil(changed, lock, absl::Now() + absl::Milliseconds(2), [] { return false; }));
  Sleeper notified(clock);
  notified.Notify();
  EXPECT_TRUE(notified.Join());
  Sleeper stopped(clock);
  stopped.RequestStop();
  EXPECT_FALSE(stopped.Join());
}

TEST(SystemClockTest, FollowsTheWallClock) {
  const absl::Time before = absl::Now();
  const absl::Time now = SystemClock().Now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, absl::Now());
}

}  // namespace
}  // namespace fairway
