#include "libs/series/percentiles.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

TEST(PercentilesTest, OnePriceIsAllOfThem) { EXPECT_THAT(PercentilesOf({7}), Each(7.0)); }

// SELECT percentile_cont(ARRAY[0, .1, .25, .5, .75, .9, 1]) WITHIN GROUP (ORDER BY x)
TEST(PercentilesTest, InterpolatesAsSqlDoes) {
  EXPECT_THAT(PercentilesOf({10, 20, 40, 80}), ElementsAre(10, 13, 17.5, 30, 50, 68, 80));
  EXPECT_THAT(PercentilesOf({1, 2, 3}), ElementsAre(1, 1.2, 1.5, 2, 2.5, 2.8, 3));
}

TEST(PercentilesTest, AreOrderedAndWithinThePrices) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<Price> prices(1 + random() % 40);
    for (Price& price : prices) price = static_cast<Price>(1 + random() % 10'000'000);
    std::sort(prices.begin(), prices.end());
    const Percentiles percentiles = PercentilesOf(prices);
    EXPECT_TRUE(std::is_sorted(percentiles.begin(), percentiles.end()));
    EXPECT_EQ(percentiles.front(), prices.front());
    EXPECT_EQ(percentiles.back(), prices.back());
    // As many prices below as above.
    const auto below = std::count_if(prices.begin(), prices.end(),
                                     [&](Price price) { return price < percentiles[3]; });
    EXPECT_LE(below, prices.size() / 2);
  }
}

}  // namespace
}  // namespace fairway
