#include "libs/domain/daily_rate.h"

#include "gtest/gtest.h"

namespace fairway {
namespace {

DailyRate Rate(int64_t count, int64_t sum) {
  return {.day = kDayMin, .price_count = count, .price_sum = sum};
}

TEST(DailyRateTest, KeepsTheThreeCasesApart) {
  EXPECT_EQ(Rate(0, 0).availability(3), Availability::kNoPrices);
  EXPECT_EQ(Rate(1, 10).availability(3), Availability::kTooFewPrices);
  EXPECT_EQ(Rate(2, 20).availability(3), Availability::kTooFewPrices);
  EXPECT_EQ(Rate(3, 30).availability(3), Availability::kPublished);
  EXPECT_EQ(Rate(3, 30).availability(4), Availability::kTooFewPrices);
}

TEST(DailyRateTest, EveryDayOfARangeHasAnEmptyOne) {
  const std::vector<DailyRate> rates = EmptyDailyRates({kDayMin, kDayMin + std::chrono::days(2)});
  ASSERT_EQ(rates.size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rates[static_cast<size_t>(i)], (DailyRate{kDayMin + std::chrono::days(i), 0, 0}));
  }
}

TEST(DailyRateTest, AveragesTheExactSum) {
  EXPECT_DOUBLE_EQ(Rate(3, 3464).average(), 1154.6666666666667);
}

}  // namespace
}  // namespace fairway
