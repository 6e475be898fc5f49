#include "libs/series/percentile_selector.h"

#include <algorithm>
#include <random>
#include <stop_token>
#include <vector>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

class PercentileSelectorTest : public ::testing::Test {
 protected:
  std::vector<Price> RandomPrices(size_t count, Price lowest, Price highest) {
    std::uniform_int_distribution<Price> price(lowest, highest);
    std::vector<Price> prices(count);
    for (Price& each : prices) each = price(random_);
    return prices;
  }
  Percentiles Select(std::vector<Price> prices) {
    Pace pace(deadline_, 1'000);
    Percentiles percentiles;
    FAIRWAY_EXPECT_OK(selector_.Select(absl::MakeSpan(prices), pace, percentiles));
    return percentiles;
  }
  static Percentiles BySorting(std::vector<Price> prices) {
    std::sort(prices.begin(), prices.end());
    return PercentilesOf(prices);
  }

  const uint32_t seed_ = std::random_device()();
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, seed_};
  std::mt19937 random_{seed_};
  const Deadline deadline_{absl::InfiniteFuture()};
  PercentileSelector selector_;
};

TEST_F(PercentileSelectorTest, FindsWhatSortingFinds) {
  for (const size_t count : {1, 2, 3, 1'023, 1'024, 1'025, 5'000, 65'536, 200'001}) {
    for (const Price width : {0, 1, 4'095, 4'096, 5'000, 100'000, limits::kPriceMax - 1}) {
      const Price lowest = std::uniform_int_distribution<Price>(limits::kPriceMin,
                                                                limits::kPriceMax - width)(random_);
      const std::vector<Price> prices = RandomPrices(count, lowest, lowest + width);
      EXPECT_EQ(Select(prices), BySorting(prices)) << count << " prices, " << width << " wide";
    }
  }
}

// One price far away from all others leaves those in one range.
TEST_F(PercentileSelectorTest, FindsWhatSortingFindsAmongOutliers) {
  for (int outliers = 1; outliers < 5'000; outliers *= 3) {
    std::vector<Price> prices = RandomPrices(10'000, 2'000, 2'100);
    for (int i = 0; i < outliers; ++i) prices.push_back(limits::kPriceMax - i);
    prices.push_back(limits::kPriceMin);
    EXPECT_EQ(Select(prices), BySorting(prices)) << outliers;
  }
}

TEST_F(PercentileSelectorTest, EndsWhenNobodyWaits) {
  std::stop_source stop;
  stop.request_stop();
  const Deadline deadline(absl::InfiniteFuture(), stop.get_token());
  for (const size_t count : {100, 1'023, 1'024, 200'000}) {
    std::vector<Price> prices = RandomPrices(count, 1, limits::kPriceMax);
    Percentiles percentiles;
    Pace pace(deadline, static_cast<int64_t>(count));
    EXPECT_THAT(selector_.Select(absl::MakeSpan(prices), pace, percentiles),
                StatusIs(absl::StatusCode::kCancelled));
  }
}

// Many prices are looked at two or, where they lie far apart, three times, and each time counts.
TEST_F(PercentileSelectorTest, SpendsWhatItDoes) {
  std::stop_source stop;
  stop.request_stop();
  const Deadline deadline(absl::InfiniteFuture(), stop.get_token());
  const auto looks = [&](size_t count, Price highest) {
    std::vector<Price> prices = RandomPrices(count, 1, highest);
    Percentiles percentiles;
    int64_t enough = static_cast<int64_t>(count);
    for (;; enough += static_cast<int64_t>(count)) {
      Pace pace(deadline, enough + 1);
      if (selector_.Select(absl::MakeSpan(prices), pace, percentiles).ok()) break;
    }
    return enough / static_cast<int64_t>(count);
  };
  EXPECT_EQ(looks(100, limits::kPriceMax), 1);
  EXPECT_EQ(looks(200'000, 1'000), 2);
  EXPECT_EQ(looks(200'000, limits::kPriceMax), 3);
}

}  // namespace
}  // namespace fairway
