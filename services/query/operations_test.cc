#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/storage/testing/memory_location_store.h"
#include "libs/storage/testing/memory_rate_reader.h"
#include "services/query/converters.h"
#include "services/query/get_daily_rates.h"
#include "services/query/get_location.h"
#include "services/query/list_locations.h"

// The operations and their messages, over the memory fake.
namespace fairway::query {
namespace {

using ::testing::ElementsAre;

class OperationsTest : public ::testing::Test {
 protected:
  OperationsTest() {
    const auto port = [](absl::string_view code, absl::string_view parent) {
      return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = std::string(parent)};
    };
    FAIRWAY_EXPECT_OK(locations_.Import(
        {.regions = {{"world", "World", std::nullopt}, {"asia", "Asia", "world"}},
         .ports = {port("CNSHA", "asia"), port("CNGGZ", "asia"), port("NLRTM", "world")}},
        Soon()));
  }
  static absl::Time Soon() { return absl::Now() + absl::Seconds(60); }
  static DailyRatesQuery Question() {
    return {.origin = "CNSHA",
            .destination = "NLRTM",
            .first_date = "2021-01-01",
            .last_date = "2021-01-03"};
  }
  template <typename Change>
  std::string ReasonAfter(Change change) {
    DailyRatesQuery query = Question();
    change(query);
    return ReasonOf(GetDailyRates(rates_, query, Soon()).status());
  }
  std::vector<std::string> Codes(const ListLocationsQuery& query) {
    const auto page = ListLocations(locations_, query, Soon());
    EXPECT_THAT(page, testing::IsOk());
    std::vector<std::string> codes;
    for (const LocationView& location : page->locations) codes.push_back(location.code);
    return codes;
  }

  const SystemClock clock_;
  testing::MemoryDataset dataset_{&clock_};
  testing::MemoryLocationStore locations_{&dataset_};
  testing::MemoryRateReader rates_{&dataset_};
};

TEST_F(OperationsTest, GetDailyRatesAnswersForEveryDay) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRatesAnswer answer,
                               GetDailyRates(rates_, Question(), Soon()));
  EXPECT_EQ(answer.rates.days.size(), 3);
  EXPECT_EQ(answer.min_price_count, 3);
}

TEST_F(OperationsTest, GetDailyRatesChecksItsQuestion) {
  EXPECT_EQ(ReasonAfter([](auto& q) { q.origin = "?"; }), "INVALID_LOCATION");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.destination = ""; }), "INVALID_LOCATION");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.destination = "USLAX"; }), "LOCATION_NOT_FOUND");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.first_date = "2021-1-1"; }), "INVALID_DATE");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.last_date = "2020-12-31"; }), "INVALID_RANGE");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.last_date = "2026-12-31"; }), "RANGE_TOO_LARGE");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.min_price_count = 2; }), "INVALID_REQUEST");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.min_price_count = 1'000'001; }), "INVALID_REQUEST");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.at_least = -1; }), "INVALID_REQUEST");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.at_least = 99; }), "VERSION_NOT_YET_VISIBLE");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.min_price_count = 4; }), "");
}

TEST_F(OperationsTest, ListLocationsFilters) {
  EXPECT_THAT(Codes({}), ElementsAre("CNGGZ", "CNSHA", "NLRTM", "asia", "world"));
  EXPECT_THAT(Codes({.code_prefix = "CN"}), ElementsAre("CNGGZ", "CNSHA"));
  EXPECT_THAT(Codes({.region = "asia"}), ElementsAre("CNGGZ", "CNSHA"));
  EXPECT_THAT(Codes({.region = "world", .kind = LocationFilterKind::kRegions}),
              ElementsAre("asia"));
  EXPECT_THAT(Codes({.kind = LocationFilterKind::kPorts}), ElementsAre("CNGGZ", "CNSHA", "NLRTM"));
  EXPECT_EQ(ReasonOf(ListLocations(locations_, {.region = "atlantis"}, Soon()).status()),
            "LOCATION_NOT_FOUND");
}

TEST_F(OperationsTest, ListLocationsPages) {
  ListLocationsQuery query{.page_size = 2};
  std::vector<std::string> codes;
  int pages = 0;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListLocationsPage page,
                                 ListLocations(locations_, query, Soon()));
    for (const LocationView& location : page.locations) codes.push_back(location.code);
    query.page_token = page.next_page_token;
    ++pages;
  } while (!query.page_token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(codes, ElementsAre("CNGGZ", "CNSHA", "NLRTM", "asia", "world"));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListLocationsPage first,
                               ListLocations(locations_, {.page_size = 2}, Soon()));
  EXPECT_EQ(
      ReasonOf(ListLocations(locations_, {.page_token = first.next_page_token, .code_prefix = "C"},
                             Soon())
                   .status()),
      "INVALID_PAGE_TOKEN");
}

TEST_F(OperationsTest, GetLocationDescribesPortsAndRegions) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationView port, GetLocation(locations_, "CNSHA", Soon()));
  EXPECT_TRUE(port.is_port);
  EXPECT_THAT(port.ancestors, ElementsAre("asia", "world"));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationView region, GetLocation(locations_, "world", Soon()));
  EXPECT_FALSE(region.is_port);
  EXPECT_EQ(region.port_count, 3);
  EXPECT_EQ(region.parent, "");
  EXPECT_EQ(ReasonOf(GetLocation(locations_, "USLAX", Soon()).status()), "LOCATION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(GetLocation(locations_, "no way", Soon()).status()), "INVALID_LOCATION");
}

TEST(ConvertersTest, TheThreeCasesAreKeptApart) {
  const Day day = std::chrono::year(2021) / 1 / 1;
  v1::GetDailyRatesResponse out;
  ToProto({.rates = {.version = 7,
                     .days = {{day, 3, 10},
                              {day + std::chrono::days(1), 2, 10},
                              {day + std::chrono::days(2), 0, 0}}},
           .min_price_count = 3},
          out);
  EXPECT_EQ(out.dataset_version(), 7);
  EXPECT_EQ(out.rates(0).availability(), v1::AVAILABILITY_PUBLISHED);
  EXPECT_DOUBLE_EQ(out.rates(0).average(), 10.0 / 3);
  EXPECT_EQ(out.rates(1).availability(), v1::AVAILABILITY_TOO_FEW_PRICES);
  EXPECT_FALSE(out.rates(1).has_average());
  EXPECT_EQ(out.rates(1).price_count(), 2);
  EXPECT_EQ(out.rates(2).availability(), v1::AVAILABILITY_NO_PRICES);
  EXPECT_EQ(out.rates(2).day(), "2021-01-03");
}

TEST(ConvertersTest, WhatIsNotThereSaysSo) {
  v1::GetDailyRatesRequest request;
  request.add_statistics(v1::RATE_STATISTIC_MIN);
  EXPECT_EQ(ReasonOf(FromProto(request).status()), "NOT_IMPLEMENTED");
  request.clear_statistics();
  request.mutable_consistency()->set_exact(3);
  EXPECT_EQ(ReasonOf(FromProto(request).status()), "NOT_IMPLEMENTED");
  request.mutable_consistency()->mutable_max_staleness();
  EXPECT_EQ(ReasonOf(FromProto(request).status()), "NOT_IMPLEMENTED");
  request.mutable_consistency()->set_at_least(3);
  EXPECT_EQ(FromProto(request)->at_least, 3);
  v1::ListLocationsRequest list;
  list.set_kind(static_cast<v1::LocationKind>(9));
  EXPECT_EQ(ReasonOf(FromProto(list).status()), "INVALID_FILTER");
}

TEST(ConvertersTest, TheDatasetHasItsTimes) {
  v1::GetDatasetResponse out;
  ToProto(DatasetSummary{.newest_version = 5,
                         .newest_commit_time = absl::FromUnixMicros(1'500'000),
                         .held_version = 4,
                         .lag = absl::Milliseconds(2'250),
                         .engine = "sql"},
          out);
  EXPECT_EQ(out.newest_commit_time().seconds(), 1);
  EXPECT_EQ(out.newest_commit_time().nanos(), 500'000'000);
  EXPECT_EQ(out.lag().seconds(), 2);
  EXPECT_EQ(out.lag().nanos(), 250'000'000);
}

}  // namespace
}  // namespace fairway::query
