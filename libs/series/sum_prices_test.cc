#include "libs/series/sum_prices.h"

#include <vector>

#include "gtest/gtest.h"

#include "libs/domain/limits.h"

namespace fairway {
namespace {

TEST(SumPricesTest, IsExactBeyondThirtyTwoBits) {
  EXPECT_EQ(SumPrices({}), 0);
  const std::vector<Price> prices(1'000, limits::kPriceMax);
  EXPECT_EQ(SumPrices(prices), int64_t{1'000} * limits::kPriceMax);
}

}  // namespace
}  // namespace fairway
