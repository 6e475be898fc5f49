#include "libs/rpc/server/bell.h"

#include <atomic>

#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"

namespace fairway::rpc {
namespace {

class BellTest : public ::testing::Test {
 protected:
  static constexpr absl::Duration kRingInterval = absl::Seconds(5);

  FakeClock clock_;
  std::atomic<int> wakes_ = 0;
  Bell bell_{kRingInterval, &clock_};
};

TEST_F(BellTest, RingsForEachSubscriber) {
  std::atomic<int> other_wakes = 0;
  bell_.Subscribe([&] { ++wakes_; });
  const int64_t other = bell_.Subscribe([&] { ++other_wakes; });
  bell_.Ring();
  bell_.Unsubscribe(other);
  bell_.Ring();
  EXPECT_EQ(wakes_, 2);
  EXPECT_EQ(other_wakes, 1);
}

TEST_F(BellTest, RingsByItselfAfterEachInterval) {
  bell_.Subscribe([&] { ++wakes_; });
  EXPECT_EQ(clock_.AwaitWaiters() - clock_.Now(), kRingInterval);
  EXPECT_EQ(wakes_, 0);
  clock_.Pass(3 * kRingInterval);
  EXPECT_EQ(wakes_, 3);
}

TEST_F(BellTest, RingsOnceMoreWhenItIsClosed) {
  bell_.Subscribe([&] { ++wakes_; });
  EXPECT_FALSE(bell_.closed());
  bell_.Close();
  EXPECT_TRUE(bell_.closed());
  EXPECT_EQ(wakes_, 1);
}

}  // namespace
}  // namespace fairway::rpc
