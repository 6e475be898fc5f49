#include "libs/series/series_run.h"

#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/series/series_run_builder.h"

namespace fairway {
namespace {

using ::testing::ElementsAre;

// The plainest model of a run: days and prices per lane, in the order they came.
using Model = std::map<Lane, std::multimap<int32_t, Price>>;

Model ModelOf(const SeriesRun& run) {
  Model model;
  for (size_t i = 0; i < run.series_count(); ++i) {
    const Series series = run.series(i);
    EXPECT_FALSE(series.prices.empty());
    EXPECT_EQ(series.prices.size(), series.day_numbers.size());
    EXPECT_TRUE(std::is_sorted(series.day_numbers.begin(), series.day_numbers.end()));
    EXPECT_FALSE(model.contains(series.lane)) << "a lane has two series";
    if (i > 0) {
      EXPECT_LT(run.series(i - 1).lane, series.lane);
    }
    for (size_t j = 0; j < series.prices.size(); ++j) {
      model[series.lane].emplace(series.day_numbers[j], series.prices[j]);
    }
  }
  return model;
}

Day DayAt(int offset) { return kDayMin + std::chrono::days(offset); }

TEST(SeriesRunTest, HoldsWhatWasAddedWhateverTheOrder) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  SeriesRunBuilder builder(5000);
  SeriesRun run;  // Filled again and again, as an upload does.
  for (int round = 0; round < 40; ++round) {
    Model expected;
    const int rows = static_cast<int>(random() % 5000);
    const int ports = 1 + static_cast<int>(random() % 60);
    for (int i = 0; i < rows; ++i) {
      const Lane lane = {static_cast<PortId>(random() % ports),
                         static_cast<PortId>(random() % ports)};
      const Day day = DayAt(static_cast<int>(random() % (round % 2 == 0 ? 40 : 40'542)));
      const Price price = 1 + static_cast<Price>(random() % limits::kPriceMax);
      builder.Add(lane, day, price);
      expected[lane].emplace(DayNumber(day), price);
    }
    EXPECT_EQ(builder.row_count(), rows);
    builder.TakeInto(run);
    EXPECT_EQ(run.row_count(), rows);
    EXPECT_EQ(ModelOf(run), expected);
    EXPECT_EQ(builder.row_count(), 0);
  }
}

TEST(SeriesRunTest, KeepsTheEndsOfEveryRange) {
  SeriesRunBuilder builder;
  const Lane lane = {std::numeric_limits<PortId>::max(), 1};
  builder.Add(lane, kDayMax, limits::kPriceMax);
  builder.Add(lane, kDayMin, limits::kPriceMin);
  SeriesRun run;
  builder.TakeInto(run);
  ASSERT_EQ(run.series_count(), 1);
  EXPECT_EQ(run.series(0).lane, lane);
  EXPECT_THAT(run.series(0).day_numbers, ElementsAre(DayNumber(kDayMin), DayNumber(kDayMax)));
  EXPECT_THAT(run.series(0).prices, ElementsAre(limits::kPriceMin, limits::kPriceMax));
}

TEST(SeriesRunTest, IdenticalPricesAllCount) {
  SeriesRunBuilder builder;
  for (int i = 0; i < 3; ++i) builder.Add({1, 2}, kDayMin, 100);
  SeriesRun run;
  builder.TakeInto(run);
  EXPECT_THAT(run.series(0).prices, ElementsAre(100, 100, 100));
}

// As after a cut within a lane: the lane's number is of this run, not of the one before.
TEST(SeriesRunTest, ARunMayBeginWithTheLastLaneOfTheRunBefore) {
  SeriesRunBuilder builder;
  SeriesRun run;
  builder.Add({1, 2}, kDayMin, 1);
  builder.Add({3, 4}, kDayMin, 2);
  builder.TakeInto(run);
  builder.Add({3, 4}, kDayMin, 3);
  builder.Add({5, 6}, kDayMin, 4);
  builder.Add({7, 8}, kDayMin, 5);
  builder.TakeInto(run);
  const int32_t day = DayNumber(kDayMin);
  EXPECT_EQ(ModelOf(run),
            (Model{{{3, 4}, {{day, 3}}}, {{5, 6}, {{day, 4}}}, {{7, 8}, {{day, 5}}}}));
}

TEST(SeriesRunTest, IsFullAtItsLimit) {
  SeriesRunBuilder builder(2);
  builder.Add({1, 2}, kDayMin, 1);
  EXPECT_FALSE(builder.full());
  builder.Add({1, 2}, kDayMin, 1);
  EXPECT_TRUE(builder.full());
}

TEST(SeriesRunTest, IsFullAtItsLanes) {
  SeriesRunBuilder builder;
  for (int i = 0; !builder.full(); ++i) builder.Add({1, i}, kDayMin, 100);
  EXPECT_EQ(builder.row_count(), size_t{1} << 18);
}

// Counts the rows of `lanes` lanes, taken in turns, until the builder asks for a cut.
size_t RowsUntilFull(int lanes) {
  SeriesRunBuilder builder;
  for (int i = 0; !builder.full(); ++i) builder.Add({1, i % lanes}, kDayMin, 100);
  return builder.row_count();
}

TEST(SeriesRunTest, IsFullSoonerWhenItsSeriesAreLong) {
  constexpr int kManyLanes = 100'000;
  EXPECT_EQ(RowsUntilFull(1), size_t{1} << 17) << "a run is worth its while";
  EXPECT_EQ(RowsUntilFull(2'048), size_t{1} << 17);
  EXPECT_EQ(RowsUntilFull(4'096), size_t{64} * 4'096) << "series are long enough";
  EXPECT_EQ(RowsUntilFull(kManyLanes), SeriesRunBuilder::kRowsMaxDefault);
  EXPECT_EQ(RowsUntilFull(10 * kManyLanes), SeriesRunBuilder::kLanesMax) << "memory is bounded";
}

TEST(SeriesRunDeathTest, LaneNumbersHaveTwentyFourBits) {
  SeriesRunBuilder most(size_t{1} << 24);
  EXPECT_EQ(most.row_count(), 0);
  EXPECT_DEATH(SeriesRunBuilder((size_t{1} << 24) + 1), "check failed");
}

TEST(SeriesRunTest, AnEmptyRunHasNoSeries) {
  SeriesRunBuilder builder;
  SeriesRun run;
  builder.TakeInto(run);
  EXPECT_TRUE(run.empty());
  EXPECT_EQ(run.series_count(), 0);
}

}  // namespace
}  // namespace fairway
