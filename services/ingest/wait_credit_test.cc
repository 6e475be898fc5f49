#include "services/ingest/wait_credit.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace fairway::ingest {
namespace {

TEST(WaitCreditTest, IsSpentByWaitingAndEarnedByRows) {
  WaitCredit credit;
  EXPECT_EQ(credit.left(), absl::Seconds(5));
  credit.Spend(absl::Seconds(3));
  EXPECT_EQ(credit.left(), absl::Seconds(2));
  credit.Earn(1);
  EXPECT_EQ(credit.left(), absl::Seconds(2) + absl::Milliseconds(1));
  credit.Earn(50'000'000);
  EXPECT_EQ(credit.left(), absl::Seconds(5)) << "no more than that is kept";
  credit.Spend(absl::Hours(1));
  EXPECT_EQ(credit.left(), absl::ZeroDuration());
  credit.Earn(1'000);
  EXPECT_EQ(credit.left(), absl::Seconds(1)) << "nothing is owed";
  credit.Spend(-absl::Hours(1));
  EXPECT_EQ(credit.left(), absl::Seconds(1)) << "a clock was set back";
}

struct Step {
  absl::Duration waited;
  int64_t rows;
};

// By definition: whether in some stretch that ends with the wait of the last step, more time passed
// than the credit and what the rows of that stretch earn.
bool WaitedTooLong(const std::vector<Step>& steps) {
  absl::Duration waited;
  int64_t rows = 0;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step != steps.rbegin()) rows += step->rows;
    waited += step->waited;
    if (waited >= absl::Seconds(5) + rows * absl::Milliseconds(1)) return true;
  }
  return false;
}

// Whatever the bursts and pauses: the credit is used up exactly when a stretch was too slow.
TEST(WaitCreditTest, RunsOutWhenAnyStretchWasTooSlow) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int ran_out = 0;
  for (int round = 0; round < 1'000; ++round) {
    const int rows_max = 1 << (random() % 14);
    WaitCredit credit;
    std::vector<Step> steps;
    while (steps.size() < 50) {
      steps.push_back({absl::Milliseconds(random() % 2'000),
                       static_cast<int64_t>(random() % static_cast<unsigned>(rows_max))});
      credit.Spend(steps.back().waited);
      const bool too_long = WaitedTooLong(steps);
      ASSERT_EQ(credit.left() == absl::ZeroDuration(), too_long) << "step " << steps.size();
      if (too_long) {
        ++ran_out;
        break;
      }
      credit.Earn(steps.back().rows);
    }
  }
  EXPECT_GT(ran_out, 100);
  EXPECT_LT(ran_out, 1'000);
}

}  // namespace
}  // namespace fairway::ingest
