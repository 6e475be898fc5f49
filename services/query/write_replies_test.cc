#include "services/query/write_replies.h"

#include <chrono>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/domain/errors.h"

namespace fairway::query {
namespace {

TEST(WriteRepliesTest, TheThreeCasesAreKeptApart) {
  const Day day = std::chrono::year(2021) / 1 / 1;
  v1::GetDailyRatesResponse out;
  ToProto({.rates = {.version = {7, 70},
                     .days = {{day, 3, 10},
                              {day + std::chrono::days(1), 2, 10},
                              {day + std::chrono::days(2), 0, 0}}},
           .min_price_count = 3},
          out);
  EXPECT_EQ(out.dataset_version(), 7);
  EXPECT_EQ(out.dataset_version_id(), 70);
  EXPECT_EQ(out.rates(0).availability(), v1::AVAILABILITY_PUBLISHED);
  EXPECT_DOUBLE_EQ(out.rates(0).average(), 10.0 / 3);
  EXPECT_EQ(out.rates(1).availability(), v1::AVAILABILITY_TOO_FEW_PRICES);
  EXPECT_FALSE(out.rates(1).has_average());
  EXPECT_EQ(out.rates(1).price_count(), 2);
  EXPECT_EQ(out.rates(2).availability(), v1::AVAILABILITY_NO_PRICES);
  EXPECT_EQ(out.rates(2).day(), "2021-01-03");
}

TEST(WriteRepliesTest, StatisticsAreThereWhereTheyWereAskedFor) {
  const StatisticSet statistics = StatisticSet().set(1).set(6);  // P10 and MAX.
  const Day day = std::chrono::year(2021) / 1 / 1;
  v1::GetDailyRatesResponse out;
  ToProto({.rates = {.days = {{day, 3, 10}, {day + std::chrono::days(1), 2, 10}},
                     .percentiles = {{1, 2, 3, 4, 5, 6, 7}, {}}},
           .min_price_count = 3,
           .statistics = statistics},
          out);
  EXPECT_EQ(out.rates(0).p10(), 2);
  EXPECT_EQ(out.rates(0).max(), 7);
  EXPECT_FALSE(out.rates(0).has_min());
  EXPECT_FALSE(out.rates(0).has_median());
  EXPECT_FALSE(out.rates(1).has_p10()) << "not published";
}

TEST(WriteRepliesTest, ALaneThatFailedHasAStatus) {
  v1::Lane lane;
  lane.set_origin("XXXXX");
  v1::LaneRates out;
  ToProto(lane, LocationNotFoundError("XXXXX"), "an-id", out);
  EXPECT_EQ(out.lane().origin(), "XXXXX");
  EXPECT_EQ(out.status().code(), static_cast<int>(absl::StatusCode::kNotFound));
  EXPECT_EQ(out.status().details_size(), 1);
}

TEST(WriteRepliesTest, TheDatasetHasItsTimes) {
  v1::GetDatasetResponse out;
  ToProto(DatasetSummary{.newest_version = {5, 50},
                         .newest_commit_time = absl::FromUnixMicros(1'500'000),
                         .held_version = {4, 40},
                         .lag = absl::Milliseconds(2'250),
                         .engine = "sql"},
          out);
  EXPECT_EQ(out.newest_version(), 5);
  EXPECT_EQ(out.newest_version_id(), 50);
  EXPECT_EQ(out.held_version(), 4);
  EXPECT_EQ(out.held_version_id(), 40);
  EXPECT_EQ(out.newest_commit_time().seconds(), 1);
  EXPECT_EQ(out.newest_commit_time().nanos(), 500'000'000);
  EXPECT_EQ(out.lag().seconds(), 2);
  EXPECT_EQ(out.lag().nanos(), 250'000'000);
}

}  // namespace
}  // namespace fairway::query
