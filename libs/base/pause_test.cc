#include "libs/base/pause.h"

#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace fairway {
namespace {

constexpr absl::Duration kLong = absl::Seconds(60);

TEST(PauseTest, LastsAsLongAsAsked) {
  const absl::Time start = absl::Now();
  Pause(absl::Milliseconds(5), absl::InfiniteFuture());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(5));
  EXPECT_LT(absl::Now() - start, kLong / 2);
}

TEST(PauseTest, EndsByTheDeadline) {
  const absl::Time start = absl::Now();
  Pause(kLong, start + absl::Milliseconds(5));
  EXPECT_LT(absl::Now() - start, kLong / 2);
}

TEST(PauseTest, EndsWhenNobodyWaitsAnyMore) {
  const absl::Time start = absl::Now();
  std::stop_source stop;
  std::thread stopper([&] { stop.request_stop(); });
  Pause(kLong, Deadline(absl::InfiniteFuture(), stop.get_token()));
  stopper.join();
  EXPECT_LT(absl::Now() - start, kLong / 2);
}

}  // namespace
}  // namespace fairway
