#include "services/query/export_daily_rates.h"

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_follower.h"
#include "libs/book/book_rate_reader.h"
#include "libs/domain/limits.h"
#include "libs/series/series_run_builder.h"
#include "libs/storage/testing/memory_stores.h"

namespace fairway::query {
namespace {

// Over a book whose memory is bounded, and what is stored.
class RateExportTest : public ::testing::Test {
 protected:
  static constexpr int64_t kBytesMax = 64 << 10;

  RateExportTest() {
    LocationChanges world = {.regions = {{"world", "World", std::nullopt}}};
    for (const char* code : {"CNSHA", "CNGGZ", "NLRTM"}) {
      world.ports.push_back({.code = *PortCode::Parse(code), .name = "A port", .parent = "world"});
    }
    FAIRWAY_EXPECT_OK(stores_.locations().Import(world, Soon()));
    Commit("first", 4);
  }

  // As many prices for each of the two lanes, and a book that has them.
  void Commit(const std::string& id, int prices) {
    const auto tree = *stores_.locations().ReadTree(Soon());
    SeriesRunBuilder builder;
    for (const char* origin : {"CNSHA", "CNGGZ"}) {
      for (int i = 0; i < prices; ++i) {
        builder.Add({tree->FindPort(origin)->id, tree->FindPort("NLRTM")->id}, kDay, 100);
      }
    }
    SeriesRun run;
    builder.TakeInto(run);
    auto claim = stores_.batches().Claim({"acme", id}, "", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(claim->writer->Append(run));
    FAIRWAY_ASSERT_OK(claim->writer->Commit(
        {.row_count = 2 * prices, .lane_count = 2, .days = DayRange{kDay, kDay}}, tree->version()));
    FAIRWAY_ASSERT_OK(follower_.CatchUp());
  }

  // A message for each lane.
  static ExportQuery Query() {
    return {.terms = {.first_date = "2026-01-01",
                      .last_date = FormatDay(kDay + std::chrono::days(limits::kQueryDaysMax - 1))}};
  }
  RateExport Export() { return {Query(), NewestHeld{}, &reader_}; }

  static constexpr Day kDay = std::chrono::year(2026) / 1 / 1;
  const SystemClock clock_;
  testing::MemoryStores stores_;
  HeldBook held_{&clock_};
  BookFollower follower_{
      &stores_.source(),
      &held_,
      {.bytes_max = kBytesMax},
      &clock_,
      {.published = [](const PriceBook&, absl::Duration) {}, .failed = [](const absl::Status&) {}}};
  BookRateReader reader_{&held_, &stores_.rates()};
};

TEST_F(RateExportTest, ItsVersionStaysInMemoryWhileThereIsRoom) {
  RateExport rate_export = Export();
  EXPECT_FALSE(rate_export.Waits());
  Commit("second", 100);
  FAIRWAY_ASSERT_OK(follower_.CatchUp());
  EXPECT_FALSE(rate_export.Waits());
}

TEST_F(RateExportTest, WithoutRoomItGoesOnFromWhatIsStoredAtTheSameVersion) {
  RateExport rate_export = Export();
  const std::weak_ptr<const PriceBook> old = held_.book();
  // Each fits beside the book before it, but not beside all of them.
  for (int i = 0; i < 3; ++i) Commit(absl::StrCat("batch-", i), 1'500);
  EXPECT_TRUE(old.expired());
  EXPECT_TRUE(rate_export.Waits());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto part, rate_export.Next(Soon()));
  ASSERT_TRUE(part.has_value());
  EXPECT_EQ(rate_export.version().number, 2);
  for (const auto& [lane, answer] : part->lanes) {
    EXPECT_EQ(answer.rates.days[0].price_count, 4) << lane.origin;
  }
  EXPECT_FALSE(held_.is_over_budget());
}

TEST_F(RateExportTest, ItStopsWhenNobodyWaits) {
  std::stop_source stop;
  stop.request_stop();
  const Deadline nobody_waits(absl::InfiniteFuture(), stop.get_token());
  RateExport all = Export();
  EXPECT_TRUE(absl::IsCancelled(all.Next(nobody_waits).status()));
  ExportQuery of_totals = Query();  // Nothing has to be looked at for them.
  of_totals.lanes = {{"world", "world"}};
  RateExport named(of_totals, NewestHeld{}, &reader_);
  EXPECT_TRUE(absl::IsCancelled(named.Next(nobody_waits).status()));
}

}  // namespace
}  // namespace fairway::query
