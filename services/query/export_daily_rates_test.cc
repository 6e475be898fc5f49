#include "services/query/export_daily_rates.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_follower.h"
#include "libs/book/book_rate_reader.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/series/series_run_builder.h"
#include "libs/storage/testing/memory_stores.h"
#include "services/query/testing/small_world.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

  // As many prices for each lane to the destinations, and a book that has them.
  void Commit(const std::string& id, int prices,
              const std::vector<std::string>& destinations = {"NLRTM"}) {
    const auto tree = *stores_.locations().ReadTree(Soon());
    const std::vector<std::string> origins =
        destinations.size() == 1 ? std::vector<std::string>{"CNSHA", "CNGGZ"} : destinations;
    SeriesRunBuilder builder;
    for (const std::string& origin : origins) {
      for (const std::string& destination : destinations) {
        const Lane lane = {tree->FindPort(origin)->id, tree->FindPort(destination)->id};
        for (int i = 0; i < prices; ++i) builder.Add(lane, kDay, 100);
      }
    }
    const auto lanes = static_cast<int64_t>(origins.size() * destinations.size());
    SeriesRun run;
    builder.TakeInto(run);
    auto claim = stores_.batches().Claim({"acme", id}, "", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(claim->writer->Append(run));
    FAIRWAY_ASSERT_OK(claim->writer->Commit(
        {.row_count = lanes * prices, .lane_count = lanes, .days = DayRange{kDay, kDay}},
        tree->version()));
    FAIRWAY_ASSERT_OK(follower_.CatchUp());
  }

  static RateExportRequest Request(std::vector<NamedLane> lanes = {}) {
    return {.lanes = std::move(lanes),
            .options = {.days = {kDay, kDay + std::chrono::days(1)}},
            .fingerprint = "a request"};
  }
  RateExport Export() { return {Request(), &reader_}; }

  struct Part {
    std::vector<std::string> lanes;  // "CNSHA NLRTM 4": with the prices of the first day.
    ExportCursor end;
  };
  // The next part, with room for so many lanes; none at the end.
  static absl::StatusOr<std::optional<Part>> Next(RateExport& rate_export, size_t lanes_max = 4,
                                                  const Deadline& deadline = Soon()) {
    Part part;
    const absl::Status status =
        rate_export.Next(deadline, [&](const NamedLane& lane, const LaneAnswer& answer) {
          if (part.lanes.size() == lanes_max) return false;
          part.lanes.push_back(absl::StrCat(lane.origin.text(), " ", lane.destination.text(), " ",
                                            answer.rates.days[0].price_count));
          return true;
        });
    if (!status.ok()) return status;
    if (part.lanes.empty()) return std::nullopt;
    const auto end = ParseResumeToken("a request", rate_export.resume_token());
    FAIRWAY_EXPECT_OK(end);
    part.end = *end;
    return part;
  }
  // The lanes of all parts that follow.
  static std::vector<std::string> Rest(RateExport& rate_export) {
    std::vector<std::string> lanes;
    while (true) {
      const auto part = Next(rate_export);
      FAIRWAY_EXPECT_OK(part);
      if (!part.ok() || !*part) return lanes;
      lanes.insert(lanes.end(), (*part)->lanes.begin(), (*part)->lanes.end());
    }
  }

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
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto part, Next(rate_export));
  ASSERT_TRUE(part.has_value());
  EXPECT_EQ(rate_export.version().number, 2);
  EXPECT_THAT(part->lanes, ElementsAre("CNSHA NLRTM 4", "CNGGZ NLRTM 4"));
  EXPECT_FALSE(held_.is_over_budget());
}

// Begun while no book was there, continued over one, and that one then gone as well.
TEST_F(RateExportTest, ItStaysAtTheVersionOfItsFirstPart) {
  HeldBook late(&clock_);
  BookFollower follower(
      &stores_.source(), &late, {.bytes_max = kBytesMax}, &clock_,
      {.published = [](const PriceBook&, absl::Duration) {}, .failed = [](const absl::Status&) {}});
  BookRateReader reader(&late, &stores_.rates());
  const std::vector<NamedLane> lanes(6, MakeLane("CNSHA", "NLRTM"));  // Two parts.
  RateExport rate_export(Request(lanes), &reader);
  EXPECT_TRUE(rate_export.Waits());
  FAIRWAY_ASSERT_OK(follower.CatchUp());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto first, Next(rate_export));
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(rate_export.Waits());
  for (int i = 0; i < 3; ++i) {
    Commit(absl::StrCat("batch-", i), 1'500);
    FAIRWAY_ASSERT_OK(follower.CatchUp());
  }
  EXPECT_TRUE(rate_export.Waits());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto second, Next(rate_export));
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(rate_export.version().number, 2);
  EXPECT_THAT(second->lanes, ElementsAre("CNSHA NLRTM 4", "CNSHA NLRTM 4"));
}

// A snapshot that takes no memory is held until the end.
TEST_F(RateExportTest, WhatIsStoredIsOpenedOnce) {
  class CountingReader final : public RateReader {
   public:
    explicit CountingReader(RateReader* rates) : rates_(*rates) {}
    absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(
        const Consistency& consistency, const Deadline& deadline) override {
      ++opened_;
      return rates_.Snapshot(consistency, deadline);
    }
    absl::StatusOr<DatasetSummary> ReadDataset(const Deadline& deadline) override {
      return rates_.ReadDataset(deadline);
    }
    int opened() const { return opened_; }

   private:
    RateReader& rates_;
    int opened_ = 0;
  };
  CountingReader reader(&stores_.rates());
  RateExport rate_export(Request(std::vector<NamedLane>(9, MakeLane("CNSHA", "NLRTM"))), &reader);
  for (int part = 0; part < 3; ++part) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto lanes, Next(rate_export));
    EXPECT_TRUE(lanes.has_value());
    EXPECT_TRUE(rate_export.Waits()) << "a database is asked";
  }
  EXPECT_EQ(reader.opened(), 1);
}

TEST_F(RateExportTest, ATokenBeyondItsLanesIsTheEnd) {
  RateExportRequest request = Request({MakeLane("CNSHA", "NLRTM")});
  request.begin = {.version = held_.book()->version_id(), .lanes_sent = 2};
  RateExport rate_export(request, &reader_);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto part, Next(rate_export));
  EXPECT_FALSE(part.has_value());
}

TEST_F(RateExportTest, ItStopsWhenTheClientHasGone) {
  std::stop_source stop;
  stop.request_stop();
  const Deadline cancelled(absl::InfiniteFuture(), stop.get_token());
  RateExport all = Export();
  EXPECT_TRUE(absl::IsCancelled(Next(all, 4, cancelled).status()));
  RateExport named(Request({MakeLane("world", "world")}), &reader_);  // Answered from totals.
  EXPECT_TRUE(absl::IsCancelled(Next(named, 4, cancelled).status()));
}

TEST_F(RateExportTest, ItGoesOnBehindItsTokenAtTheSameVersion) {
  Commit("wide", 1, {"CNSHA", "CNGGZ", "NLRTM"});  // Nine lanes, of which a part has four.
  std::vector<NamedLane> lanes;
  for (const char* origin : {"NLRTM", "CNSHA", "world", "NLRTM", "CNGGZ", "CNSHA"}) {
    lanes.push_back(MakeLane(origin, "NLRTM"));
  }
  for (const RateExportRequest& request : {Request(), Request(lanes)}) {
    RateExport whole(request, &reader_);
    const std::vector<std::string> all = Rest(whole);
    EXPECT_EQ(all.size(), request.lanes.empty() ? 9 : 6);
    std::vector<std::string> pieces;
    RateExportRequest rest = request;
    for (int piece = 0; pieces.size() < all.size(); ++piece) {
      ASSERT_LT(piece, 3);
      RateExport one_part(rest, &reader_);
      FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto part, Next(one_part));
      ASSERT_TRUE(part.has_value());
      pieces.insert(pieces.end(), part->lanes.begin(), part->lanes.end());
      Commit(absl::StrCat("later-", request.lanes.size(), "-", piece), 1);
      rest.begin = part->end;
      EXPECT_EQ(rest.begin.version, whole.version());
      rest.consistency = Exactly{rest.begin.version};
    }
    EXPECT_EQ(pieces, all);
    RateExport nothing(rest, &reader_);
    EXPECT_THAT(Rest(nothing), IsEmpty());
  }
}

TEST_F(RateExportTest, EveryLocationIsLookedUpBeforeTheFirstPart) {
  RateExport rate_export(Request({MakeLane("CNSHA", "NLRTM"), MakeLane("CNSHA", "atlantis")}),
                         &reader_);
  EXPECT_EQ(ReasonOf(Next(rate_export).status()), reasons::kLocationNotFound);
  RateExport of_origin(Request({MakeLane("atlantis", "NLRTM")}), &reader_);
  EXPECT_EQ(ReasonOf(Next(of_origin).status()), reasons::kLocationNotFound);
  // Also those of a part that comes later.
  std::vector<NamedLane> lanes(9, MakeLane("CNSHA", "NLRTM"));
  for (const NamedLane& last : {MakeLane("CNSHA", "atlantis"), MakeLane("atlantis", "CNSHA")}) {
    lanes.back() = last;
    RateExport of_many(Request(lanes), &reader_);
    EXPECT_EQ(ReasonOf(Next(of_many).status()), reasons::kLocationNotFound);
  }
}

}  // namespace
}  // namespace fairway::query
