#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
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
  // A question that is in order.
  struct Question {
    NamedLane lane = {"CNSHA", "NLRTM"};
    RateTerms terms = {.first_date = "2021-01-01", .last_date = "2021-01-03"};
  };
  absl::StatusOr<LaneAnswer> Ask(const Question& question) {
    ASSIGN_OR_RETURN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
    return GetDailyRates(*snapshot, question.lane, question.terms, Soon());
  }
  template <typename Change>
  std::string ReasonAfter(Change change) {
    Question question;
    change(question);
    return ReasonOf(Ask(question).status());
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
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LaneAnswer answer, Ask({}));
  EXPECT_EQ(answer.rates.days.size(), 3);
  EXPECT_EQ(answer.min_price_count, 3);
}

TEST_F(OperationsTest, GetDailyRatesChecksItsQuestion) {
  EXPECT_EQ(ReasonAfter([](auto& q) { q.lane.origin = "?"; }), "INVALID_LOCATION");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.lane.destination = ""; }), "INVALID_LOCATION");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.lane.destination = "USLAX"; }), "LOCATION_NOT_FOUND");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.terms.first_date = "2021-1-1"; }), "INVALID_DATE");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.terms.last_date = "2020-12-31"; }), "INVALID_RANGE");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.terms.last_date = "2026-12-31"; }), "RANGE_TOO_LARGE");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.terms.min_price_count = 2; }), "INVALID_REQUEST");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.terms.min_price_count = 1'000'001; }), "INVALID_REQUEST");
  EXPECT_EQ(ReasonAfter([](auto& q) { q.terms.min_price_count = 4; }), "");
}

TEST_F(OperationsTest, BatchGetDailyRatesAnswersInOrder) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  DailyRatesBatch batch = {.lanes = {{"CNSHA", "NLRTM"}, {"asia", "USLAX"}, {"?", "asia"}},
                           .terms = {.first_date = "2021-01-01", .last_date = "2021-01-03"}};
  EXPECT_EQ(ReasonOf(BatchGetDailyRates(*snapshot, batch, Soon()).status()), "LOCATION_NOT_FOUND");
  batch.return_partial_success = true;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto answers, BatchGetDailyRates(*snapshot, batch, Soon()));
  ASSERT_EQ(answers.size(), 3);
  EXPECT_EQ(answers[0]->rates.days.size(), 3);
  EXPECT_EQ(ReasonOf(answers[1].status()), "LOCATION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(answers[2].status()), "INVALID_LOCATION");
  EXPECT_EQ(DetailsOf(answers[2].status()).field_violations[0].field, "lanes[2].origin");
}

// Knows its locations and no more.
class SnapshotWithoutDatabase final : public RateSnapshot {
 public:
  explicit SnapshotWithoutDatabase(const RateSnapshot* snapshot) : snapshot_(snapshot) {}
  const VersionId& version_id() const override { return snapshot_->version_id(); }
  const LocationTree& locations() const override { return snapshot_->locations(); }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery&, const Deadline&) const override {
    return DatabaseUnavailableError("it went away");
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                              const Deadline&) const override {
    return DatabaseUnavailableError("it went away");
  }

 private:
  const RateSnapshot* const snapshot_;
};

TEST_F(OperationsTest, PartialSuccessIsForFaultsOfLanesOnly) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  const DailyRatesBatch batch = {.lanes = {{"?", "asia"}, {"CNSHA", "NLRTM"}},
                                 .terms = {.first_date = "2021-01-01", .last_date = "2021-01-03"},
                                 .return_partial_success = true};
  const SnapshotWithoutDatabase away(snapshot.get());
  EXPECT_EQ(ReasonOf(BatchGetDailyRates(away, batch, Soon()).status()), "DATABASE_UNAVAILABLE");
}

TEST_F(OperationsTest, BatchGetDailyRatesIsBounded) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  DailyRatesBatch batch = {.terms = {.first_date = "2021-01-01", .last_date = "2021-01-03"}};
  EXPECT_EQ(ReasonOf(BatchGetDailyRates(*snapshot, batch, Soon()).status()), "INVALID_REQUEST");
  batch.lanes.assign(100, {"CNSHA", "NLRTM"});
  FAIRWAY_EXPECT_OK(BatchGetDailyRates(*snapshot, batch, Soon()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      BatchGetDailyRates(*snapshot, batch, absl::InfinitePast()).status()));
  batch.lanes.push_back({"CNSHA", "NLRTM"});
  EXPECT_EQ(ReasonOf(BatchGetDailyRates(*snapshot, batch, Soon()).status()), "TOO_MANY_LANES");
}

// With the greatest numbers there can be, and just as many days as are allowed.
TEST_F(OperationsTest, TheLargestBatchOfRatesFitsInAMessage) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates_.Snapshot(NewestHeld{}, Soon()));
  for (const StatisticSet statistics : {StatisticSet(), StatisticSet().set()}) {
    const int days = statistics.any() ? 443 : 1'344;
    const Day first = std::chrono::year(2021) / 1 / 1;
    DailyRatesBatch batch = {.lanes = std::vector<NamedLane>(100, {"CNSHA", "NLRTM"}),
                             .terms = {.first_date = FormatDay(first),
                                       .last_date = FormatDay(first + std::chrono::days(days - 1)),
                                       .statistics = statistics}};
    FAIRWAY_ASSERT_OK_AND_ASSIGN(auto answers, BatchGetDailyRates(*snapshot, batch, Soon()));
    v1::Lane lane;
    lane.set_origin(std::string(63, 'a'));
    lane.set_destination(std::string(63, 'b'));
    v1::BatchGetDailyRatesResponse response;
    for (absl::StatusOr<LaneAnswer>& answer : answers) {
      for (DailyRate& rate : answer->rates.days) {
        rate.price_count = std::numeric_limits<uint32_t>::max();
        rate.price_sum = std::numeric_limits<int64_t>::max();
      }
      answer->rates.percentiles.assign(answer->rates.days.size(), {1, 2, 3, 4, 5, 6, 7});
      ToProto(lane, answer, "", *response.add_lanes());
    }
    ASSERT_EQ(response.lanes(99).rates_size(), days);
    EXPECT_LE(response.ByteSizeLong(), limits::kMessageBytesMax);
    EXPECT_GT(response.ByteSizeLong(), limits::kMessageBytesMax * 9 / 10);
    batch.terms.last_date = FormatDay(first + std::chrono::days(days));
    EXPECT_EQ(ReasonOf(BatchGetDailyRates(*snapshot, batch, Soon()).status()), "RANGE_TOO_LARGE");
  }
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

// A reader of a tree that no import would make.
class LongNames final : public LocationReader {
 public:
  absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(const Deadline&) override {
    return tree_;
  }

 private:
  static std::vector<Region> Regions() {
    std::vector<Region> regions;
    for (char c = 'a'; c <= 'j'; ++c) {
      regions.push_back({std::string(1, c), std::string(1'000'000, c), std::nullopt});
    }
    regions[4].name = std::string(5'000'000, 'e');  // More than a page alone.
    return regions;
  }
  const std::shared_ptr<const LocationTree> tree_ =
      std::make_shared<const LocationTree>(*LocationTree::Build(Regions(), {}));
};

TEST_F(OperationsTest, APageOfLocationsEndsBeforeItOutgrowsAMessage) {
  LongNames locations;
  ListLocationsQuery query;
  std::vector<size_t> sizes;
  std::string codes;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListLocationsPage page,
                                 ListLocations(locations, query, Soon()));
    sizes.push_back(page.locations.size());
    for (const LocationView& location : page.locations) codes += location.code;
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  EXPECT_THAT(sizes, ElementsAre(3, 1, 1, 3, 2));
  EXPECT_EQ(codes, "abcdefghij");
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

}  // namespace
}  // namespace fairway::query
