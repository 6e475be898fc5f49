#include "libs/rpc/server/executor.h"

#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"

namespace fairway::rpc {
namespace {

using ::testing::ElementsAre;

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

// An executor whose one thread is busy.
class BusyExecutorTest : public ::testing::Test {
 protected:
  BusyExecutorTest() {
    executor_.TrySubmit([this] {
      running_.Notify();
      go_.WaitForNotification();
    });
    running_.WaitForNotification();
  }
  ~BusyExecutorTest() override {
    if (!go_.HasBeenNotified()) go_.Notify();
  }

  static constexpr size_t kBytesMax = 10'000 + 2 * limits::kQueuedTaskBytes;

  absl::Notification running_;
  absl::Notification go_;
  std::array<Executor::Place, 4> places_;
  Executor executor_{1, 2, kBytesMax};
};

TEST_F(BusyExecutorTest, WhatIsWithdrawnLeavesItsRoomAndNeverRuns) {
  std::atomic<int> ran = 0;
  const auto submit = [&](Executor::Place& place) {
    return executor_.Submit([&] { ++ran; }, 0, place);
  };
  FAIRWAY_EXPECT_OK(submit(places_[0]));
  FAIRWAY_EXPECT_OK(submit(places_[1]));
  EXPECT_FALSE(executor_.TrySubmit([] {})) << "it is full";
  EXPECT_TRUE(executor_.Withdraw(places_[0]));
  EXPECT_FALSE(executor_.Withdraw(places_[0])) << "it is gone";
  FAIRWAY_EXPECT_OK(submit(places_[2]));
  EXPECT_THAT(submit(places_[0]), testing::StatusIs(absl::StatusCode::kCancelled));
  EXPECT_FALSE(executor_.Withdraw(places_[3])) << "it never waited";
  EXPECT_THAT(submit(places_[3]), testing::StatusIs(absl::StatusCode::kCancelled));
  go_.Notify();
  EXPECT_TRUE(Eventually([&] { return ran == 2; }));
  EXPECT_FALSE(executor_.Withdraw(places_[1])) << "it has run";
}

TEST_F(BusyExecutorTest, TheQueueWeighsBytes) {
  FAIRWAY_EXPECT_OK(executor_.Submit([] {}, 6'000, places_[0]));
  EXPECT_EQ(ReasonOf(executor_.Submit([] {}, 4'001, places_[1])), reasons::kOverloaded);
  FAIRWAY_EXPECT_OK(executor_.Submit([] {}, 4'000, places_[2]));
  EXPECT_TRUE(executor_.Withdraw(places_[0]));
  FAIRWAY_EXPECT_OK(executor_.Submit([] {}, 6'000, places_[1]));
}

TEST_F(BusyExecutorTest, ATaskAloneInTheQueueIsWeighedToo) {
  EXPECT_EQ(ReasonOf(executor_.Submit([] {}, kBytesMax, places_[0])), reasons::kOverloaded);
  FAIRWAY_EXPECT_OK(executor_.Submit([] {}, kBytesMax - limits::kQueuedTaskBytes, places_[0]));
}

// An executor with one thread, which is busy until it is destroyed, and room for four tasks.
class SharedExecutorTest : public ::testing::Test {
 protected:
  SharedExecutorTest() {
    executor_->TrySubmit([this] {
      busy_.Notify();
      go_.WaitForNotification();
    });
    busy_.WaitForNotification();
  }
  ~SharedExecutorTest() override { Finish(); }

  absl::Status Submit(const std::string& name, absl::string_view peer) {
    return executor_->Submit([this, name] { ran_.push_back(name); }, 0, places_[next_++], peer);
  }
  // In which order the tasks ran.
  std::vector<std::string> Finish() {
    if (!go_.HasBeenNotified()) go_.Notify();
    executor_.reset();
    return ran_;
  }

  absl::Notification busy_;
  absl::Notification go_;
  size_t next_ = 0;
  std::array<Executor::Place, 8> places_;
  std::vector<std::string> ran_;  // By the one thread.
  std::unique_ptr<Executor> executor_ = std::make_unique<Executor>(1, 4);
};

TEST_F(SharedExecutorTest, ConnectionsTakeTurns) {
  FAIRWAY_EXPECT_OK(Submit("a1", "ipv4:10.0.0.1:1"));
  FAIRWAY_EXPECT_OK(Submit("a2", "ipv4:10.0.0.1:1"));
  FAIRWAY_EXPECT_OK(Submit("b1", "ipv4:10.0.0.1:2"));
  FAIRWAY_EXPECT_OK(Submit("c1", "ipv4:10.0.0.2:1"));
  EXPECT_THAT(Finish(), ElementsAre("a1", "b1", "c1", "a2"));
}

TEST_F(SharedExecutorTest, AnAddressLeavesAQuarterToOthers) {
  for (const char* name : {"a1", "a2", "a3"}) FAIRWAY_EXPECT_OK(Submit(name, "ipv4:10.0.0.1:1"));
  EXPECT_EQ(ReasonOf(Submit("a4", "ipv4:10.0.0.1:2")), reasons::kOverloaded);
  EXPECT_TRUE(executor_->Withdraw(places_[1]));
  FAIRWAY_EXPECT_OK(Submit("a5", "ipv4:10.0.0.1:2"));
  EXPECT_EQ(ReasonOf(Submit("a6", "ipv4:10.0.0.1:2")), reasons::kOverloaded);
  FAIRWAY_EXPECT_OK(Submit("b1", "ipv4:10.0.0.2:1"));
  EXPECT_THAT(Finish(), ElementsAre("a1", "a5", "b1", "a3"));
}

TEST_F(SharedExecutorTest, WhatRunsHoldsNoPlaceOfItsAddress) {
  absl::Notification running;
  absl::Notification go;
  const auto run = [&] {
    running.Notify();
    go.WaitForNotification();
  };
  FAIRWAY_EXPECT_OK(executor_->Submit(run, 0, places_[next_++], "ipv4:10.0.0.1:1"));
  for (const char* name : {"a1", "a2"}) FAIRWAY_EXPECT_OK(Submit(name, "ipv4:10.0.0.1:1"));
  go_.Notify();
  running.WaitForNotification();
  FAIRWAY_EXPECT_OK(Submit("a3", "ipv4:10.0.0.1:1"));
  EXPECT_EQ(ReasonOf(Submit("a4", "ipv4:10.0.0.1:1")), reasons::kOverloaded);
  go.Notify();
  EXPECT_THAT(Finish(), ElementsAre("a1", "a2", "a3"));
}

TEST(ExecutorTest, WhatAnIdleThreadTakesIsNotWeighed) {
  Executor executor(1, 2, 100);
  Executor::Place place;
  absl::Notification ran;
  FAIRWAY_ASSERT_OK(executor.Submit([&] { ran.Notify(); }, size_t{1} << 20, place));
  ran.WaitForNotification();
}

TEST(ExecutorTest, ItsQueueHasABoundByDefault) {
  absl::Notification running;
  absl::Notification go;
  std::array<Executor::Place, 2> places;
  Executor executor(1, 2);
  EXPECT_TRUE(executor.TrySubmit([&] {
    running.Notify();
    go.WaitForNotification();
  }));
  running.WaitForNotification();
  constexpr size_t kMost = limits::kQueueBytesMax - limits::kQueuedTaskBytes;
  EXPECT_EQ(ReasonOf(executor.Submit([] {}, kMost + 1, places[0])), reasons::kOverloaded);
  FAIRWAY_EXPECT_OK(executor.Submit([] {}, kMost, places[1]));
  go.Notify();
}

// Asks for a thread when it goes.
struct AskWhenGone {
  AskWhenGone(Executor* asked, std::promise<bool>* answer) : executor(asked), is_taken(answer) {}
  ~AskWhenGone() {
    is_taken->set_value(executor->TrySubmit([] {}));
  }
  Executor* executor;
  std::promise<bool>* is_taken;
};

TEST(ExecutorTest, AThreadIsIdleOnceWhatItsTaskHeldIsGone) {
  std::promise<bool> is_taken;
  Executor executor(1, 0);
  auto held = std::make_shared<AskWhenGone>(&executor, &is_taken);
  absl::Notification go;
  EXPECT_TRUE(executor.TrySubmit([held, &go] { go.WaitForNotification(); }));
  held.reset();
  go.Notify();
  EXPECT_FALSE(is_taken.get_future().get());
}

TEST_F(BusyExecutorTest, WhatIsWithdrawnGivesUpWhatItHolds) {
  Executor::Place place;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> seen = held;
  FAIRWAY_EXPECT_OK(executor_.Submit([held = std::move(held)] {}, 0, place));
  EXPECT_FALSE(seen.expired());
  executor_.Withdraw(place);
  EXPECT_TRUE(seen.expired());
}

}  // namespace
}  // namespace fairway::rpc
