#include "services/query/converters.h"

#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"

namespace fairway::query {
namespace {

TEST(ConvertersTest, TheThreeCasesAreKeptApart) {
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

TEST(ConvertersTest, StatisticsAreToldWhereTheyWereAskedFor) {
  v1::GetDailyRatesRequest request;
  request.add_statistics(v1::RATE_STATISTIC_P10);
  request.add_statistics(v1::RATE_STATISTIC_MAX);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateTerms terms, TermsFromProto(request));
  const Day day = std::chrono::year(2021) / 1 / 1;
  v1::GetDailyRatesResponse out;
  ToProto({.rates = {.days = {{day, 3, 10}, {day + std::chrono::days(1), 2, 10}},
                     .percentiles = {{1, 2, 3, 4, 5, 6, 7}, {}}},
           .min_price_count = 3,
           .statistics = terms.statistics},
          out);
  EXPECT_EQ(out.rates(0).p10(), 2);
  EXPECT_EQ(out.rates(0).max(), 7);
  EXPECT_FALSE(out.rates(0).has_min());
  EXPECT_FALSE(out.rates(0).has_median());
  EXPECT_FALSE(out.rates(1).has_p10()) << "not published";
  request.add_statistics(v1::RATE_STATISTIC_UNSPECIFIED);
  EXPECT_EQ(ReasonOf(TermsFromProto(request).status()), "INVALID_REQUEST");
  request.set_statistics(2, static_cast<v1::RateStatistic>(8));
  EXPECT_EQ(ReasonOf(TermsFromProto(request).status()), "INVALID_REQUEST");
}

TEST(ConvertersTest, ConsistencyIsOneOfFour) {
  v1::Consistency asked;
  EXPECT_TRUE(std::holds_alternative<NewestHeld>(*FromProto(asked)));
  asked.set_at_least(3);
  EXPECT_EQ(std::get<AtLeast>(*FromProto(asked)).version, (VersionId{3, 0}));
  asked.set_at_least(-1);
  EXPECT_EQ(ReasonOf(FromProto(asked).status()), "INVALID_REQUEST");
  asked.set_exact(4);
  asked.set_version_id(40);
  EXPECT_EQ(std::get<Exactly>(*FromProto(asked)).version, (VersionId{4, 40}));
  asked.set_exact(-4);
  EXPECT_EQ(ReasonOf(FromProto(asked).status()), "INVALID_REQUEST");
  asked.mutable_max_staleness()->set_nanos(5'000'000);
  EXPECT_EQ(ReasonOf(FromProto(asked).status()), "INVALID_REQUEST") << "an identity of nothing";
  asked.clear_version_id();
  EXPECT_EQ(std::get<MaxStaleness>(*FromProto(asked)).duration, absl::Milliseconds(5));
  asked.mutable_max_staleness()->set_nanos(-1);
  EXPECT_EQ(ReasonOf(FromProto(asked).status()), "INVALID_REQUEST");
}

TEST(ConvertersTest, ALaneThatFailedHasAStatus) {
  v1::Lane lane;
  lane.set_origin("XXXXX");
  v1::LaneRates out;
  ToProto(lane, LocationNotFoundError("XXXXX"), "an-id", out);
  EXPECT_EQ(out.lane().origin(), "XXXXX");
  EXPECT_EQ(out.status().code(), static_cast<int>(absl::StatusCode::kNotFound));
  EXPECT_EQ(out.status().details_size(), 1);
}

TEST(ConvertersTest, NoOtherKindOfLocation) {
  v1::ListLocationsRequest list;
  list.set_kind(static_cast<v1::LocationKind>(9));
  EXPECT_EQ(ReasonOf(FromProto(list).status()), "INVALID_FILTER");
}

TEST(ConvertersTest, TheDatasetHasItsTimes) {
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
