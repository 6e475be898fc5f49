#include "libs/book/lane_prices.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/series/series_run_builder.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;

using Prices = std::multiset<std::pair<int32_t, Price>>;

// Gives `changes` prices as series, as a batch stores them.
template <typename Give>
void GiveAsSeries(const Prices& prices, Give give) {
  SeriesRunBuilder builder;
  for (const auto& [day, price] : prices) builder.Add({1, 2}, DayFromNumber(day), price);
  SeriesRun run;
  builder.TakeInto(run);
  for (size_t i = 0; i < run.series_count(); ++i) give(run.series(i));
}

absl::StatusOr<std::shared_ptr<const LanePrices>> Apply(const LanePrices* base, const Prices& added,
                                                        const Prices& removed) {
  LaneChanges changes;
  GiveAsSeries(added, [&](const Series& series) { changes.Add(series); });
  GiveAsSeries(removed, [&](const Series& series) { changes.Remove(series); });
  return LanePrices::Apply(base, changes);
}

Prices AllOf(const LanePrices& lane) {
  Prices prices;
  lane.VisitDays({kDayMin, kDayMax}, [&](int32_t day, absl::Span<const Price> of_day) {
    EXPECT_TRUE(std::is_sorted(of_day.begin(), of_day.end()));
    for (const Price price : of_day) prices.insert({day, price});
  });
  return prices;
}

constexpr int32_t kFirst = DayNumber(kDayMin);
constexpr int32_t kLast = DayNumber(kDayMax);

TEST(LanePricesTest, KeepsTheEndsOfWhatIsPossible) {
  const Prices prices = {{kFirst, 1}, {kFirst, 1}, {kLast, limits::kPriceMax}};
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto lane, Apply(nullptr, prices, {}));
  EXPECT_EQ(AllOf(*lane), prices);
  EXPECT_EQ(lane->price_count(), 3);
}

TEST(LanePricesTest, NothingLeftIsNull) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto lane, Apply(nullptr, {{kFirst, 5}}, {}));
  EXPECT_THAT(Apply(lane.get(), {}, {{kFirst, 5}}), testing::IsOkAndHolds(nullptr));
  EXPECT_THAT(Apply(nullptr, {}, {}), testing::IsOkAndHolds(nullptr));
}

TEST(LanePricesTest, WhatIsNotThereCannotBeRemoved) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto lane, Apply(nullptr, {{kFirst, 5}}, {}));
  EXPECT_THAT(Apply(lane.get(), {}, {{kFirst, 6}}), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Apply(lane.get(), {}, {{kFirst, 5}, {kFirst, 5}}),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Apply(nullptr, {}, {{kFirst, 5}}), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(LanePricesTest, RatesOfARange) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const auto lane,
      Apply(nullptr, {{10'000, 3}, {10'001, 4}, {10'001, 5}, {10'003, 6}, {10'004, 7}}, {}));
  const DayRange days = {DayFromNumber(10'001), DayFromNumber(10'003)};
  std::vector<DailyRate> rates = EmptyDailyRates(days);
  lane->AddTo(days, absl::MakeSpan(rates));
  lane->AddTo(days, absl::MakeSpan(rates));
  EXPECT_THAT(rates, ElementsAre(DailyRate{DayFromNumber(10'001), 4, 18},
                                 DailyRate{DayFromNumber(10'002), 0, 0},
                                 DailyRate{DayFromNumber(10'003), 2, 12}));
}

// Whatever days have prices, a range has those that lie in it.
TEST(LanePricesTest, RangesOfAnyLane) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const auto gap = static_cast<int32_t>(random() % 3);  // None: every day has a price.
    Prices prices;
    int32_t day = kFirst + static_cast<int32_t>(random() % 100);
    for (size_t i = 0, n = 1 + random() % 60; i < n; ++i) {
      prices.insert({day, static_cast<Price>(i + 1)});
      day += 1 + (gap == 0 ? 0 : static_cast<int32_t>(random() % gap));
    }
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto lane, Apply(nullptr, prices, {}));
    for (int32_t first = kFirst; first < day + 3; ++first) {
      const int32_t last = first + static_cast<int32_t>(random() % 40);
      Prices found;
      lane->Prefetch({DayFromNumber(first), DayFromNumber(last)});
      lane->VisitDays({DayFromNumber(first), DayFromNumber(last)},
                      [&](int32_t number, absl::Span<const Price> of_day) {
                        for (const Price price : of_day) found.insert({number, price});
                      });
      const Prices expected(prices.lower_bound({first, 0}), prices.lower_bound({last + 1, 0}));
      ASSERT_EQ(found, expected) << first << " to " << last;
    }
  }
}

// Whatever comes and goes, a lane holds what a multiset holds.
TEST(LanePricesTest, IsAMultiset) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    Prices model;
    std::shared_ptr<const LanePrices> lane;
    for (int step = 0; step < 20; ++step) {
      Prices added;
      for (size_t i = 0, n = random() % 600; i < n; ++i) {
        added.insert({kFirst + 9'000 + static_cast<int32_t>(random() % 50),
                      static_cast<Price>(1 + random() % 20)});
      }
      Prices removed;
      for (const auto& price : model) {
        if (random() % 3 == 0) removed.insert(price);
      }
      FAIRWAY_ASSERT_OK_AND_ASSIGN(lane, Apply(lane.get(), added, removed));
      for (const auto& price : removed) model.erase(model.find(price));
      model.merge(added);
      ASSERT_EQ(lane == nullptr ? Prices() : AllOf(*lane), model);
      ASSERT_EQ(lane == nullptr ? 0 : lane->price_count(), static_cast<int64_t>(model.size()));
    }
  }
}

}  // namespace
}  // namespace fairway
