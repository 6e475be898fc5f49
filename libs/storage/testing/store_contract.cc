#include "libs/storage/testing/store_contract.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/check.h"
#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/series/series_run_builder.h"

namespace fairway::testing {

// Instantiated by the tests of each store, all of them in programs of their own.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreContract);

Day StoreContract::DayOf(absl::string_view text) {
  Day day;
  FAIRWAY_CHECK(ReadIsoDay(text, day));
  return day;
}

Port StoreContract::MakePort(absl::string_view code, absl::string_view parent) {
  return {.code = *PortCode::Parse(code),
          .name = absl::StrCat("Port of ", code),
          .parent = std::string(parent)};
}

LocationChanges StoreContract::World() {
  return {
      .regions = {{"north_sea", "North Sea", "europe"},
                  {"world", "World", std::nullopt},
                  {"europe", "Europe", "world"},
                  {"asia", "Asia", "world"},
                  {"empty", "Nothing here", "asia"}},
      .ports = {MakePort("NLRTM", "north_sea"), MakePort("BEANR", "north_sea"),
                MakePort("ESALG", "europe"), MakePort("CNSHA", "asia"), MakePort("CNGGZ", "asia")}};
}

void StoreContract::ImportWorld() { FAIRWAY_ASSERT_OK(locations().Import(World(), Soon())); }

PortId StoreContract::IdOf(absl::string_view code) {
  const Port* port = locations().ReadTree(Soon()).value()->FindPort(code);
  FAIRWAY_CHECK(port != nullptr);
  return port->id;
}

std::vector<NamedPrice> StoreContract::TwoLanes() {
  return {{"CNSHA", "NLRTM", "2021-01-01", 100},
          {"CNSHA", "NLRTM", "2021-01-01", 100},
          {"CNGGZ", "BEANR", "2021-01-31", 1}};
}

SeriesRun StoreContract::RunOf(const std::vector<NamedPrice>& prices) {
  // Read once: there may be thousands of prices, and a database behind the store.
  const auto tree = locations().ReadTree(Soon()).value();
  const auto id_of = [&](const std::string& code) {
    const Port* port = tree->FindPort(code);
    FAIRWAY_CHECK(port != nullptr);
    return port->id;
  };
  SeriesRunBuilder builder;
  for (const NamedPrice& price : prices) {
    builder.Add({id_of(price.origin), id_of(price.destination)}, DayOf(price.day), price.price);
  }
  SeriesRun run;
  builder.TakeInto(run);
  return run;
}

BatchContent StoreContract::ContentOf(const std::vector<NamedPrice>& prices) {
  BatchContent content{.row_count = static_cast<int64_t>(prices.size()), .digest = "a-digest"};
  std::set<std::pair<std::string, std::string>> lanes;
  for (const NamedPrice& price : prices) {
    lanes.insert({price.origin, price.destination});
    const Day day = DayOf(price.day);
    if (!content.days) content.days = DayRange{day, day};
    content.days->first = std::min(content.days->first, day);
    content.days->last = std::max(content.days->last, day);
  }
  content.lane_count = static_cast<int64_t>(lanes.size());
  return content;
}

VersionId StoreContract::LocationsVersion() {
  return locations().ReadTree(Soon()).value()->version();
}

std::unique_ptr<BatchWriter> StoreContract::ClaimWriter(const BatchKey& key) {
  absl::StatusOr<BatchClaim> claim = batches().Claim(key, "a label", Soon());
  EXPECT_THAT(claim, IsOk());
  return claim.ok() ? std::move(claim->writer) : nullptr;
}

BatchRecord StoreContract::CommitBatch(const BatchKey& key, const std::vector<NamedPrice>& prices) {
  const std::unique_ptr<BatchWriter> writer = ClaimWriter(key);
  FAIRWAY_CHECK(writer != nullptr);
  FAIRWAY_EXPECT_OK(writer->Append(RunOf(prices)));
  absl::StatusOr<BatchRecord> record = writer->Commit(ContentOf(prices), LocationsVersion());
  EXPECT_THAT(record, IsOk());
  return record.ok() ? *record : BatchRecord();
}

VersionId StoreContract::CommitPrice(absl::string_view batch_id, Price price) {
  return CommitBatch({"acme", std::string(batch_id)}, {{"CNSHA", "NLRTM", "2021-01-01", price}})
      .committed_version.value_or(VersionId());
}

StoreContract::Histories StoreContract::LoseHistory() {
  ImportWorld();
  Histories histories = {.kept = CommitPrice("kept", 1)};
  Backup();
  histories.lost = CommitPrice("lost", 20);
  histories.later = CommitPrice("later", 300);
  // A reader with a cache has it cached now.
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), ::testing::ElementsAre("2021-01-01 3 321"));
  Restore();
  return histories;
}

absl::StatusOr<DailyRates> StoreContract::Read(const RateQuery& query,
                                               const Consistency& consistency) {
  ASSIGN_OR_RETURN(const auto snapshot, rates().Snapshot(consistency, Soon()));
  return snapshot->ReadDailyRates(query, Soon());
}

RateQuery StoreContract::QueryOf(absl::string_view origin, absl::string_view destination) {
  return {.origin = std::string(origin),
          .destination = std::string(destination),
          .days = {DayOf("2021-01-01"), DayOf("2021-01-31")}};
}

std::vector<std::string> StoreContract::ReadRates(absl::string_view origin,
                                                  absl::string_view destination,
                                                  absl::string_view first, absl::string_view last) {
  const absl::StatusOr<DailyRates> rates = Read({.origin = std::string(origin),
                                                 .destination = std::string(destination),
                                                 .days = {DayOf(first), DayOf(last)}});
  EXPECT_THAT(rates, IsOk());
  std::vector<std::string> lines;
  if (!rates.ok()) return lines;
  for (const DailyRate& rate : rates->days) {
    if (rate.price_count == 0) continue;
    lines.push_back(absl::StrCat(FormatDay(rate.day), " ", rate.price_count, " ", rate.price_sum));
  }
  return lines;
}

}  // namespace fairway::testing
