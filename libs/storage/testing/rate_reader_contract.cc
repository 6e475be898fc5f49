#include <algorithm>

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

using ::testing::Each;
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
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates,
                               Read({.origin = "CNSHA",
                                     .destination = "NLRTM",
                                     .days = {DayOf("2020-02-27"), DayOf("2020-03-02")}}));
  ASSERT_EQ(rates.days.size(), 5);
  EXPECT_EQ(FormatDay(rates.days[2].day), "2020-02-29");
  EXPECT_EQ(rates.days[2].price_count, 0);
  EXPECT_EQ(rates.version.number, 1);
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
  FAIRWAY_ASSERT_OK(writer->Commit(content, LocationsVersion()));
  EXPECT_THAT(ReadRates("NLRTM", "CNSHA"), ElementsAre("2021-01-01 4 20"));
}

TEST_P(StoreContract, UnknownLocationsAreNotFound) {
  ImportWorld();
  const auto reason = [&](const char* origin, const char* destination) {
    return ReasonOf(Read(QueryOf(origin, destination)).status());
  };
  EXPECT_EQ(reason("XXXXX", "NLRTM"), reasons::kLocationNotFound);
  EXPECT_EQ(reason("NLRTM", "atlantis"), reasons::kLocationNotFound);
  EXPECT_EQ(reason("NLRTM", "asia"), "");
}

TEST_P(StoreContract, AtLeastIsHonoured) {
  ImportWorld();
  const BatchRecord record = CommitBatch({"acme", "batch-1"}, Prices());
  const DatasetVersion newest = record.committed_version->number;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates,
                               Read(QueryOf("CNSHA", "NLRTM"), AtLeast{newest}));
  EXPECT_EQ(rates.version.number, newest);
  EXPECT_THAT(Read(QueryOf("CNSHA", "NLRTM"), AtLeast{newest - 1}), IsOk());
  const absl::Status status = Read(QueryOf("CNSHA", "NLRTM"), AtLeast{newest + 1}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReasonOf(status), reasons::kVersionNotYetVisible);
}

TEST_P(StoreContract, EveryVersionCanBeRead) {
  ImportWorld();
  const auto count = [&](DatasetVersion version) {
    const auto rates = Read(QueryOf("NLRTM", "CNSHA"), Exactly{version});
    EXPECT_THAT(rates, IsOk());
    EXPECT_EQ(rates->version.number, version);
    return rates->days[0].price_count;
  };
  CommitBatch({"acme", "batch-1"}, Prices());
  CommitBatch({"acme", "batch-2"}, Prices());
  EXPECT_EQ(count(1), 0);
  EXPECT_EQ(count(2), 1);
  EXPECT_EQ(count(3), 2);
  EXPECT_EQ(ReasonOf(Read(QueryOf("NLRTM", "CNSHA"), Exactly{4}).status()),
            reasons::kVersionNotYetVisible);
}

TEST_P(StoreContract, ASnapshotStaysAsItIs) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates().Snapshot(NewestHeld{}, Soon()));
  CommitBatch({"acme", "batch-2"}, Prices());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates,
                               snapshot->ReadDailyRates(QueryOf("NLRTM", "CNSHA"), Soon()));
  EXPECT_EQ(rates.version.number, 2);
  EXPECT_EQ(rates.days[0].price_count, 1);
}

TEST_P(StoreContract, TheNewestVersionIsNeverTooStale) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates,
                               Read(QueryOf("NLRTM", "CNSHA"), MaxStaleness{absl::ZeroDuration()}));
  EXPECT_EQ(rates.version.number, 2);
}

TEST_P(StoreContract, PercentilesOfPublishedDays) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  RateQuery query = QueryOf("asia", "europe");
  query.with_percentiles = true;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates, Read(query));
  ASSERT_EQ(rates.percentiles.size(), 31);
  EXPECT_THAT(rates.percentiles[0], ElementsAre(100, 100, 100, 100, 550, 820, 1000));
  EXPECT_THAT(rates.percentiles[1], Each(0.0)) << "no prices";
  EXPECT_THAT(rates.percentiles[2], Each(0.0)) << "too few prices";
  query.min_price_count = 4;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates none, Read(query));
  EXPECT_THAT(none.percentiles[0], Each(0.0));
  query.origin = "CNSHA";
  query.destination = "NLRTM";
  query.min_price_count = 1;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates lane, Read(query));
  EXPECT_THAT(lane.percentiles[0], Each(100.0));
  EXPECT_THAT(lane.percentiles[2], Each(7.0));
}

TEST_P(StoreContract, LanesArePaged) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates().Snapshot(NewestHeld{}, Soon()));
  std::vector<Lane> all;
  std::vector<size_t> sizes;
  std::optional<Lane> after;
  do {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::vector<Lane> page,
                                 snapshot->ListLanes(after, 2, Soon()));
    sizes.push_back(page.size());
    all.insert(all.end(), page.begin(), page.end());
    if (!page.empty()) after = page.back();
  } while (sizes.back() != 0);
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1, 0));
  std::vector<Lane> expected = {{IdOf("CNSHA"), IdOf("NLRTM")},
                                {IdOf("CNSHA"), IdOf("ESALG")},
                                {IdOf("CNGGZ"), IdOf("BEANR")},
                                {IdOf("NLRTM"), IdOf("CNSHA")},
                                {IdOf("NLRTM"), IdOf("BEANR")}};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(all, expected);
}

TEST_P(StoreContract, TheDatasetIsSummedUp) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary empty, rates().ReadDataset(Soon()));
  EXPECT_EQ(empty.newest_version.number, 0);
  EXPECT_EQ(empty.newest_commit_time, std::nullopt);
  ImportWorld();
  const BatchRecord record = CommitBatch({"acme", "batch-1"}, Prices());
  CommitBatch({"acme", "batch-2"}, {{"CNSHA", "NLRTM", "2021-05-05", 3}});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary dataset, rates().ReadDataset(Soon()));
  EXPECT_EQ(dataset.newest_version.number, 3);
  EXPECT_EQ(dataset.held_version.number, 3);
  EXPECT_GE(dataset.newest_commit_time, record.commit_time);
  EXPECT_EQ(dataset.price_count, 9);
  EXPECT_EQ(dataset.lane_count, 5);
  EXPECT_EQ(dataset.port_count, 5);
  EXPECT_EQ(dataset.region_count, 5);
}

TEST_P(StoreContract, WhatWasRevertedIsNotSummedUp) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, Prices());
  CommitBatch({"acme", "batch-2"}, {{"CNSHA", "CNGGZ", "2021-05-05", 3}});
  Revert({"acme", "batch-1"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary dataset, rates().ReadDataset(Soon()));
  EXPECT_EQ(dataset.newest_version.number, 4);
  EXPECT_EQ(dataset.price_count, 1);
  EXPECT_EQ(dataset.lane_count, 1);
}

}  // namespace
}  // namespace fairway::testing
