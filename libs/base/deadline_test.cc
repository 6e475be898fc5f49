#include "libs/base/deadline.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"

namespace fairway {
namespace {

TEST(DeadlineTest, IsOkUntilItsTime) {
  EXPECT_TRUE(Deadline(absl::InfiniteFuture()).Check().ok());
  EXPECT_TRUE(Deadline(absl::Now() + absl::Hours(1)).Check().ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(Deadline(absl::Now()).Check()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(Deadline(absl::InfinitePast()).Check()));
}

TEST(DeadlineTest, EndsWhenTheCallerGivesUp) {
  std::stop_source source;
  const Deadline deadline(absl::InfiniteFuture(), source.get_token());
  EXPECT_TRUE(deadline.Check().ok());
  source.request_stop();
  EXPECT_TRUE(deadline.cancelled());
  EXPECT_TRUE(absl::IsCancelled(deadline.Check()));
}

TEST(DeadlineTest, AnEarlierMomentKeepsTheCancellation) {
  std::stop_source source;
  const absl::Time now = absl::Now();
  const Deadline deadline(now + absl::Hours(1), source.get_token());
  EXPECT_EQ(deadline.NotAfter(now + absl::Minutes(1)).time(), now + absl::Minutes(1));
  EXPECT_EQ(deadline.NotAfter(now + absl::Hours(2)).time(), now + absl::Hours(1));
  source.request_stop();
  EXPECT_TRUE(deadline.NotAfter(now + absl::Minutes(1)).cancelled());
}

}  // namespace
}  // namespace fairway
