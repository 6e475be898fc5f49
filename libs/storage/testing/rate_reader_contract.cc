#include "libs/base/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<NamedPrice>& Prices() {
  static const auto* prices = new std::vector<NamedPrice>{
      {"CNSHA", "NLRTM", "2021-01-01", 100}, {"CNSHA", "NLRTM", "2021-01-01", 100},
      {"CNSHA", "NLRTM", "2021-01-03", 7},   {"CNSHA", "ESALG", "2021-01-01", 1000},
      {"CNGGZ", "BEANR", "2021-01-31", 1},   {"NLRTM", "CNSHA", "2021-01-01", 5},
      {"NLRTM", "BEANR", "2021-01-02", 9},   {"CNGGZ", "BEANR", "2021-02-01", 10'000'000}};
  return *prices;
}

TEST_P(StoreContract, RatesOfALane) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), ElementsAre("2021-01-01 2 200", "2021-01-03 1 7"));
  EXPECT_THAT(ReadRates("NLRTM", "CNSHA"), ElementsAre("2021-01-01 1 5"));
  EXPECT_THAT(ReadRates("BEANR", "CNSHA"), IsEmpty());
}

TEST_P(StoreContract, RatesHaveOneEntryForEveryDay) {
  ImportWorld();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const DailyRates rates,
      this->rates().ReadDailyRates({.origin = "CNSHA",
                                    .destination = "NLRTM",
                                    .days = {DayOf("2020-02-27"), DayOf("2020-03-02")}},
                                   Soon()));
  ASSERT_EQ(rates.days.size(), 5);
  EXPECT_EQ(FormatDay(rates.days[2].day), "2020-02-29");
  EXPECT_EQ(rates.days[2].price_count, 0);
  EXPECT_EQ(rates.version, 1);
}

TEST_P(StoreContract, RatesOfRegionsCountEveryPortBelow) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  EXPECT_THAT(ReadRates("asia", "europe"),
              ElementsAre("2021-01-01 3 1200", "2021-01-03 1 7", "2021-01-31 1 1"));
  EXPECT_THAT(ReadRates("asia", "north_sea"),
              ElementsAre("2021-01-01 2 200", "2021-01-03 1 7", "2021-01-31 1 1"));
  EXPECT_THAT(ReadRates("CNSHA", "europe"), ElementsAre("2021-01-01 3 1200", "2021-01-03 1 7"));
  EXPECT_THAT(ReadRates("empty", "europe"), IsEmpty());
}

TEST_P(StoreContract, RatesOfOverlappingRegionsExcludeNothing) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  EXPECT_THAT(ReadRates("world", "world"), ElementsAre("2021-01-01 4 1205", "2021-01-02 1 9",
                                                       "2021-01-03 1 7", "2021-01-31 1 1"));
  EXPECT_THAT(ReadRates("world", "world", "2021-02-01", "2021-02-01"),
              ElementsAre("2021-02-01 1 10000000"));
}

TEST_P(StoreContract, RatesAddUpOverBatchesAndRuns) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  CommitBatch({"acme", "batch-2"}, Prices());
  const auto writer = ClaimWriter({"other", "batch-1"});
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(Prices())));
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(Prices())));
  EXPECT_THAT(ReadRates("NLRTM", "CNSHA"), ElementsAre("2021-01-01 2 10"));
  BatchContent content = ContentOf(Prices());
  content.row_count *= 2;
  FAIRWAY_ASSERT_OK(writer->Commit(content));
  EXPECT_THAT(ReadRates("NLRTM", "CNSHA"), ElementsAre("2021-01-01 4 20"));
}

TEST_P(StoreContract, UnknownLocationsAreNotFound) {
  ImportWorld();
  const auto reason = [&](const char* origin, const char* destination) {
    return ReasonOf(rates()
                        .ReadDailyRates({.origin = origin,
                                         .destination = destination,
                                         .days = {DayOf("2021-01-01"), DayOf("2021-01-01")}},
                                        Soon())
                        .status());
  };
  EXPECT_EQ(reason("XXXXX", "NLRTM"), "LOCATION_NOT_FOUND");
  EXPECT_EQ(reason("NLRTM", "atlantis"), "LOCATION_NOT_FOUND");
  EXPECT_EQ(reason("NLRTM", "asia"), "");
}

TEST_P(StoreContract, AtLeastIsHonoured) {
  ImportWorld();
  const BatchRecord record = CommitBatch({"acme", "batch-1"}, Prices());
  RateQuery query{.origin = "CNSHA",
                  .destination = "NLRTM",
                  .days = {DayOf("2021-01-01"), DayOf("2021-01-01")},
                  .at_least = *record.committed_version};
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates, this->rates().ReadDailyRates(query, Soon()));
  EXPECT_EQ(rates.version, record.committed_version);
  query.at_least += 1;
  const absl::Status status = this->rates().ReadDailyRates(query, Soon()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReasonOf(status), "VERSION_NOT_YET_VISIBLE");
}

TEST_P(StoreContract, TheDatasetIsSummedUp) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary empty, rates().ReadDataset(Soon()));
  EXPECT_EQ(empty.newest_version, 0);
  EXPECT_EQ(empty.newest_commit_time, std::nullopt);
  ImportWorld();
  const BatchRecord record = CommitBatch({"acme", "batch-1"}, Prices());
  CommitBatch({"acme", "batch-2"}, {{"CNSHA", "NLRTM", "2021-05-05", 3}});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary dataset, rates().ReadDataset(Soon()));
  EXPECT_EQ(dataset.newest_version, 3);
  EXPECT_EQ(dataset.held_version, 3);
  EXPECT_GE(dataset.newest_commit_time, record.commit_time);
  EXPECT_EQ(dataset.price_count, 9);
  EXPECT_EQ(dataset.lane_count, 5);
  EXPECT_EQ(dataset.port_count, 5);
  EXPECT_EQ(dataset.region_count, 5);
}

}  // namespace
}  // namespace fairway::testing
