#include "libs/observability/call_counts.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace fairway::observability {
namespace {

TEST(CallCountsTest, AreTheSumOverAllThreads) {
  constexpr int kThreads = 20;  // Many to a copy.
  constexpr int kCalls = 1'000;
  CallCounts counts;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < kCalls; ++i) {
        counts.Add(CallCounts::kStarted);
        counts.Handled(absl::StatusCode::kNotFound, absl::Milliseconds(3));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const CallCounts::Totals totals = counts.Sum();
  EXPECT_EQ(totals.events[CallCounts::kStarted], kThreads * kCalls);
  EXPECT_EQ(totals.events[CallCounts::kMessageSent], 0);
  EXPECT_EQ(totals.handled[static_cast<size_t>(absl::StatusCode::kNotFound)], kThreads * kCalls);
  EXPECT_EQ(totals.took[4], kThreads * kCalls) << "more than 2 ms, at most 5";
  EXPECT_DOUBLE_EQ(totals.seconds, kThreads * kCalls * 0.003);
}

TEST(CallCountsTest, ATimeIsWithinItsBound) {
  for (size_t i = 0; i < CallCounts::kSecondsBounds.size(); ++i) {
    const absl::Duration bound = absl::Seconds(CallCounts::kSecondsBounds[i]);
    CallCounts counts;
    counts.Handled(absl::StatusCode::kOk, bound);
    counts.Handled(absl::StatusCode::kOk, bound + absl::Nanoseconds(10));
    EXPECT_EQ(counts.Sum().took[i], 1) << i;
    EXPECT_EQ(counts.Sum().took[i + 1], 1) << i;
  }
}

}  // namespace
}  // namespace fairway::observability
