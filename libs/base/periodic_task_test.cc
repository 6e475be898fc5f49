#include "libs/base/periodic_task.h"

#include <atomic>
#include <future>
#include <optional>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"

namespace fairway {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(30);

class PeriodicTaskTest : public ::testing::Test {
 protected:
  // Counts the runs, which are `interval_` apart.
  void Start(absl::Time first_run = absl::InfinitePast()) {
    task_.emplace(
        &clock_,
        [this](const std::stop_token&) {
          ++runs_;
          return clock_.Now() + interval_;
        },
        first_run);
  }
  // The time until the next run, once the task waits for it.
  absl::Duration TimeToNextRun() { return clock_.AwaitWaiters() - clock_.Now(); }

  FakeClock clock_;
  absl::Duration interval_ = kInterval;
  std::atomic<int> runs_ = 0;
  std::optional<PeriodicTask> task_;
};

TEST_F(PeriodicTaskTest, RunsAtOnceAndThenWhenEachRunSays) {
  Start();
  for (int runs = 1; runs <= 3; ++runs) {
    EXPECT_EQ(TimeToNextRun(), kInterval);
    EXPECT_EQ(runs_, runs);
    clock_.Advance(kInterval - absl::Nanoseconds(1));
    EXPECT_EQ(TimeToNextRun(), absl::Nanoseconds(1));
    EXPECT_EQ(runs_, runs) << "not before it is due";
    clock_.Advance(absl::Nanoseconds(1));
  }
}

TEST_F(PeriodicTaskTest, EveryRunHappensWhileTimePasses) {
  Start();
  clock_.Pass(10 * kInterval);
  EXPECT_EQ(runs_, 11);
}

TEST_F(PeriodicTaskTest, TheFirstRunMayBeLater) {
  Start(/*first_run=*/clock_.Now() + absl::Seconds(5));
  EXPECT_EQ(TimeToNextRun(), absl::Seconds(5));
  EXPECT_EQ(runs_, 0);
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(TimeToNextRun(), kInterval);
  EXPECT_EQ(runs_, 1);
}

TEST_F(PeriodicTaskTest, RunNowMakesOneRunDue) {
  interval_ = absl::InfiniteDuration();
  Start();
  EXPECT_EQ(TimeToNextRun(), absl::InfiniteDuration());
  task_->RunNow();
  EXPECT_TRUE(Eventually([&] { return runs_ == 2; }));
  EXPECT_EQ(TimeToNextRun(), absl::InfiniteDuration());
  EXPECT_EQ(runs_, 2);
}

TEST_F(PeriodicTaskTest, RunNowDuringARunMakesAnotherRunFollow) {
  std::promise<void> running;
  std::promise<void> go;
  PeriodicTask task(&clock_, [&](const std::stop_token&) {
    if (++runs_ == 1) {
      running.set_value();
      go.get_future().wait();
    }
    return absl::InfiniteFuture();
  });
  running.get_future().wait();
  task.RunNow();
  go.set_value();
  EXPECT_TRUE(Eventually([&] { return runs_ == 2; }));
}

TEST_F(PeriodicTaskTest, StopEndsTheWaitAndNothingRunsAfterwards) {
  Start();
  EXPECT_EQ(TimeToNextRun(), kInterval);
  task_->Stop();
  task_->RunNow();
  clock_.Advance(10 * kInterval);
  EXPECT_EQ(runs_, 1);
  task_->Stop();  // A second time.
}

TEST_F(PeriodicTaskTest, StopReachesTheRunInProgressAndWaitsForIt) {
  std::promise<void> running;
  std::atomic<bool> is_done = false;
  PeriodicTask task(&clock_, [&](const std::stop_token& stop) {
    running.set_value();
    std::promise<void> stopped;
    const std::stop_callback on_stop(stop, [&] { stopped.set_value(); });
    stopped.get_future().wait();
    is_done = true;
    return absl::InfinitePast();
  });
  running.get_future().wait();
  task.Stop();
  EXPECT_TRUE(is_done);
}

TEST_F(PeriodicTaskTest, RunsOnTheSystemClock) {
  const SystemClock clock;
  const absl::Time start = absl::Now();
  std::promise<absl::Time> second_run;
  PeriodicTask task(&clock, [&](const std::stop_token&) {
    if (++runs_ == 2) second_run.set_value(absl::Now());
    return runs_ < 2 ? start + absl::Milliseconds(5) : absl::InfiniteFuture();
  });
  EXPECT_GE(second_run.get_future().get() - start, absl::Milliseconds(5));
}

}  // namespace
}  // namespace fairway
