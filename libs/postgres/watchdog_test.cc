#include "libs/postgres/watchdog.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace fairway::postgres {
namespace {

absl::Time In(absl::Duration time) { return absl::Now() + time; }

TEST(WatchdogTest, DoesWhatIsDueAndNotBefore) {
  Watchdog watchdog;
  absl::Notification done;
  absl::Time when;
  Watchdog::Alarm alarm(&watchdog, [&] {
    when = absl::Now();
    done.Notify();
  });
  const absl::Time time = In(absl::Milliseconds(5));
  alarm.Set(time);
  done.WaitForNotification();
  EXPECT_GE(when, time);
}

TEST(WatchdogTest, AnEarlierAlarmDoesNotWaitForALaterOne) {
  Watchdog watchdog;
  absl::Notification early;
  Watchdog::Alarm late(&watchdog, [] { FAIL() << "before its time"; });
  Watchdog::Alarm alarm(&watchdog, [&] { early.Notify(); });
  late.Set(In(absl::Seconds(60)));
  alarm.Set(In(absl::Milliseconds(1)));
  EXPECT_TRUE(early.WaitForNotificationWithTimeout(absl::Seconds(30)));
}

TEST(WatchdogTest, WhatWasPutOffOrCalledOffIsNotDone) {
  Watchdog watchdog;
  std::atomic<int> done = 0;
  Watchdog::Alarm put_off(&watchdog, [&] { ++done; });
  Watchdog::Alarm called_off(&watchdog, [&] { ++done; });
  auto gone = std::make_unique<Watchdog::Alarm>(&watchdog, [&] { ++done; });
  put_off.Set(In(absl::Milliseconds(3)));
  called_off.Set(In(absl::Milliseconds(3)));
  gone->Set(In(absl::Milliseconds(3)));
  put_off.Set(In(absl::Seconds(60)));
  called_off.Set(absl::InfiniteFuture());
  gone.reset();
  absl::Notification later;
  Watchdog::Alarm last(&watchdog, [&] { later.Notify(); });
  last.Set(In(absl::Milliseconds(5)));
  later.WaitForNotification();
  EXPECT_EQ(done, 0);
}

TEST(WatchdogTest, DoesItOnceForEachTimeThatIsSet) {
  Watchdog watchdog;
  std::atomic<int> done = 0;
  Watchdog::Alarm alarm(&watchdog, [&] { ++done; });
  for (int i = 1; i <= 3; ++i) {
    alarm.Set(In(-absl::Seconds(1)));
    while (done < i) std::this_thread::yield();
  }
  EXPECT_EQ(done, 3);
}

TEST(WatchdogTest, AnActionNeverOutlivesItsAlarm) {
  Watchdog watchdog;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&watchdog] {
      for (int round = 0; round < 500; ++round) {
        auto alive = std::make_unique<bool>(true);  // Touched after its end, the sanitizer says so.
        Watchdog::Alarm alarm(&watchdog, [&alive] { *alive = true; });
        alarm.Set(In(absl::Microseconds(round % 50)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace fairway::postgres
