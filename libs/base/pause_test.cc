#include "libs/base/pause.h"

#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace fairway {
namespace {

constexpr absl::Duration kLong = absl::Seconds(60);

TEST(PauseTest, LastsAsLongAsAsked) {
  const absl::Time start = absl::Now();
  EXPECT_TRUE(Pause(absl::Milliseconds(5), absl::InfiniteFuture()));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(5));
  EXPECT_LT(absl::Now() - start, kLong / 2);
}

TEST(PauseTest, EndsByTheDeadline) {
  const absl::Time start = absl::Now();
  EXPECT_FALSE(Pause(kLong, start + absl::Milliseconds(5)));
  EXPECT_LT(absl::Now() - start, kLong / 2);
}

TEST(PauseTest, EndsWhenItsCallerIsStopped) {
  const absl::Time start = absl::Now();
  std::stop_source stop;
  std::thread stopper([&] { stop.request_stop(); });
  EXPECT_FALSE(Pause(kLong, Deadline(absl::InfiniteFuture(), stop.get_token())));
  stopper.join();
  EXPECT_FALSE(Pause(absl::Hours(1), Deadline(absl::InfiniteFuture(), stop.get_token())));
  EXPECT_LT(absl::Now() - start, kLong / 2);
}

}  // namespace
}  // namespace fairway
