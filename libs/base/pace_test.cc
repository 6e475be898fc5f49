#include "libs/base/pace.h"

#include <stop_token>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway {
namespace {

TEST(PaceTest, LooksAtTheDeadlineOncePerInterval) {
  std::stop_source stop;
  stop.request_stop();
  const Deadline deadline(absl::InfiniteFuture(), stop.get_token());
  Pace pace(deadline, 10);
  for (int interval = 0; interval < 3; ++interval) {
    FAIRWAY_EXPECT_OK(pace.Spend(4));
    FAIRWAY_EXPECT_OK(pace.Spend(5));
    EXPECT_TRUE(absl::IsCancelled(pace.Spend(1))) << interval;
  }
  EXPECT_TRUE(absl::IsCancelled(pace.Spend(25)));
  FAIRWAY_EXPECT_OK(pace.Spend(9));
}

}  // namespace
}  // namespace fairway
