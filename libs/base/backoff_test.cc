#include "libs/base/backoff.h"

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Lt;

TEST(BackoffTest, DoublesUpToItsBoundWithARandomPart) {
  Backoff backoff(absl::Seconds(1), absl::Seconds(5), 7);
  for (const int seconds : {1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5}) {
    EXPECT_THAT(backoff.Next(),
                AllOf(Ge(absl::Seconds(seconds)), Lt(absl::Seconds(seconds) * 1.5)));
  }
}

TEST(BackoffTest, WaitsAsLongAsItIsAskedTo) {
  Backoff backoff(absl::Milliseconds(1), absl::Milliseconds(2), 7);
  EXPECT_GE(backoff.Next(absl::Seconds(3)), absl::Seconds(3));
  EXPECT_LT(backoff.Next(), absl::Milliseconds(3));
}

// Clients that got the same delay do not retry at the same moment.
TEST(BackoffTest, TheRandomPartIsAddedToWhatItIsAskedFor) {
  Backoff backoff(absl::Milliseconds(1), absl::Milliseconds(2), 7);
  absl::Duration last;
  for (int i = 0; i < 20; ++i) {
    const absl::Duration pause = backoff.Next(absl::Seconds(3));
    EXPECT_THAT(pause, AllOf(Ge(absl::Seconds(3)), Lt(absl::Seconds(3) * 1.5)));
    EXPECT_NE(pause, last);
    last = pause;
  }
}

TEST(BackoffTest, TheFirstPauseIsBoundedToo) {
  Backoff backoff(absl::Seconds(10), absl::Seconds(2), 7);
  EXPECT_THAT(backoff.Next(), AllOf(Ge(absl::Seconds(2)), Lt(absl::Seconds(3))));
}

TEST(BackoffTest, DiffersFromProcessToProcess) {
  EXPECT_NE(Backoff(absl::Seconds(1), absl::Seconds(5), 1).Next(),
            Backoff(absl::Seconds(1), absl::Seconds(5), 2).Next());
}

}  // namespace
}  // namespace fairway
