#include "libs/series/sort_prices.h"

#include <algorithm>
#include <random>
#include <stop_token>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

std::vector<Price> RandomPrices(size_t count) {
  std::mt19937 random(20'210'101);
  std::uniform_int_distribution<Price> price(limits::kPriceMin, limits::kPriceMax);
  std::vector<Price> prices(count);
  for (Price& each : prices) each = price(random);
  return prices;
}

TEST(SortPricesTest, SortsFewAndMany) {
  std::vector<Price> scratch;
  const Deadline deadline(absl::InfiniteFuture());
  Pace pace(deadline, 1'000);
  for (const size_t count : {0, 1, 2, 511, 512, 513, 65'536, 200'001, 1'000}) {
    std::vector<Price> prices = RandomPrices(count);
    std::vector<Price> expected = prices;
    std::sort(expected.begin(), expected.end());
    FAIRWAY_ASSERT_OK(SortPrices(absl::MakeSpan(prices), scratch, pace));
    EXPECT_EQ(prices, expected) << count;
  }
}

TEST(SortPricesTest, EndsWhenNobodyWaits) {
  std::stop_source stop;
  const Deadline deadline(absl::InfiniteFuture(), stop.get_token());
  Pace pace(deadline, 100'000);
  std::vector<Price> prices = RandomPrices(200'000);
  std::vector<Price> scratch;
  stop.request_stop();
  EXPECT_THAT(SortPrices(absl::MakeSpan(prices), scratch, pace),
              StatusIs(absl::StatusCode::kCancelled));
}

// Every price is looked at three times, and each time counts.
TEST(SortPricesTest, SpendsWhatItDoes) {
  std::stop_source stop;
  stop.request_stop();
  const Deadline deadline(absl::InfiniteFuture(), stop.get_token());
  std::vector<Price> scratch;
  for (const size_t count : {100, 511, 512, 200'000}) {
    const auto work = static_cast<int64_t>(3 * count);
    std::vector<Price> prices = RandomPrices(count);
    Pace enough(deadline, work + 1);
    FAIRWAY_EXPECT_OK(SortPrices(absl::MakeSpan(prices), scratch, enough));
    for (const int64_t interval : {work, 2 * work / 3, work / 3}) {
      Pace pace(deadline, interval);
      EXPECT_THAT(SortPrices(absl::MakeSpan(prices), scratch, pace),
                  StatusIs(absl::StatusCode::kCancelled))
          << count << " prices, " << interval;
    }
  }
}

}  // namespace
}  // namespace fairway
