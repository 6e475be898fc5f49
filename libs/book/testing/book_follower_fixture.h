#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_follower.h"
#include "libs/series/series_run_builder.h"
#include "libs/storage/testing/memory_stores.h"

namespace fairway {

// A data set of two ports, and followers of it.
class BookFollowerTest : public ::testing::Test {
 protected:
  BookFollowerTest() {
    ImportPorts(stores_);
    const auto tree = *stores_.locations().ReadTree(Soon());
    out_ = {tree->FindPort("CNSHA")->id, tree->FindPort("NLRTM")->id};
    back_ = {out_.destination, out_.origin};
  }

  // The same numbers in every data set.
  static void ImportPorts(testing::MemoryStores& stores) {
    const auto port = [](absl::string_view code) {
      return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = "world"};
    };
    FAIRWAY_EXPECT_OK(stores.locations().Import(
        {.regions = {{"world", "World", std::nullopt}}, .ports = {port("CNSHA"), port("NLRTM")}},
        Soon()));
  }

  // Commits a batch with the same number of prices for each of the two lanes.
  void Commit(int number, int prices = 50) { CommitTo(stores_, number, prices); }
  void CommitTo(testing::MemoryStores& stores, int number, int prices) {
    CommitLanes(stores, number, prices, {out_, back_});
  }
  static void CommitLanes(testing::MemoryStores& stores, int number, int prices,
                          const std::vector<Lane>& lanes) {
    const BatchKey key = {"acme", absl::StrCat("batch-", number)};
    SeriesRunBuilder builder;
    for (int i = 0; i < prices; ++i) {
      for (const Lane& lane : lanes) builder.Add(lane, FirstDay(), 100 + i);
    }
    SeriesRun run;
    builder.TakeInto(run);
    auto claim = stores.batches().Claim(key, "", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(claim->writer->Append(run));
    FAIRWAY_ASSERT_OK(
        claim->writer->Commit({.row_count = prices * static_cast<int64_t>(lanes.size()),
                               .lane_count = static_cast<int64_t>(lanes.size()),
                               .days = DayRange{FirstDay(), FirstDay()}},
                              (*stores.locations().ReadTree(Soon()))->version()));
  }
  static Day FirstDay() { return std::chrono::year(2026) / 1 / 1; }

  std::unique_ptr<BookFollower> Follow(const BookOptions& options = {}) {
    return std::make_unique<BookFollower>(
        &stores_.source(), &held_, options, &clock_,
        BookFollower::Events{.published = [](const PriceBook&, absl::Duration) {},
                             .failed = [this](const absl::Status&) { ++failures_; }});
  }
  static BookFollower::Events Silent() {
    return {.published = [](const PriceBook&, absl::Duration) {},
            .failed = [](const absl::Status&) {}};
  }
  absl::StatusOr<DatasetChanges> ReadChangesSince(const VersionId& version) {
    return stores_.source().ReadChanges(version, Soon());
  }
  DatasetVersion HeldVersion() const {
    const auto book = held_.book();
    return book == nullptr ? -1 : book->version();
  }
  void AwaitVersion(DatasetVersion version) {
    EXPECT_TRUE(Eventually([&] { return HeldVersion() >= version; })) << version;
  }
  static int64_t Count(const RateSnapshot& snapshot, const char* origin, const char* destination) {
    return snapshot
        .ReadDailyRates(
            {.origin = origin, .destination = destination, .days = {FirstDay(), FirstDay()}},
            Soon())
        ->days[0]
        .price_count;
  }

  testing::MemoryStores stores_;
  SystemClock clock_;
  HeldBook held_{&clock_};
  std::atomic<int> failures_ = 0;
  Lane out_;
  Lane back_;
};

}  // namespace fairway
