#include "libs/rpc/executor.h"

#include <atomic>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace fairway::rpc {
namespace {

TEST(ExecutorTest, RunsEverythingBeforeItGoes) {
  std::atomic<int> done = 0;
  {
    Executor executor(3, 1000);
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(executor.TrySubmit([&] { ++done; }));
  }
  EXPECT_EQ(done, 500);
}

TEST(ExecutorTest, RefusesWhatItsQueueCannotHold) {
  absl::Notification go;
  Executor executor(1, 2);
  absl::Notification running;
  ASSERT_TRUE(executor.TrySubmit([&] {
    running.Notify();
    go.WaitForNotification();
  }));
  running.WaitForNotification();
  EXPECT_TRUE(executor.TrySubmit([] {}));
  EXPECT_TRUE(executor.TrySubmit([] {}));
  EXPECT_FALSE(executor.TrySubmit([] {}));
  go.Notify();
}

TEST(ExecutorTest, WithoutAQueueTakesOneTaskPerThread) {
  absl::Notification go;
  Executor executor(2, 0);
  EXPECT_TRUE(executor.TrySubmit([&] { go.WaitForNotification(); }));
  EXPECT_TRUE(executor.TrySubmit([&] { go.WaitForNotification(); }));
  EXPECT_FALSE(executor.TrySubmit([] {}));
  go.Notify();
}

}  // namespace
}  // namespace fairway::rpc
