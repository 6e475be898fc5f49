#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_location_reader.h"
#include "libs/book/book_rate_reader.h"
#include "libs/book/testing/book_follower_fixture.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

// The bytes that a refused load says it needs.
int64_t NeedOf(const absl::Status& refusal) {
  const std::string message(refusal.message());
  const std::string before = "needs at least ";
  const size_t begin = message.find(before);
  if (begin == std::string::npos) {
    ADD_FAILURE() << refusal;
    return 0;
  }
  return std::stoll(message.substr(begin + before.size()));
}

TEST_F(BookFollowerTest, ABookBeyondItsBoundIsRefusedWithWhatItNeeds) {
  Commit(0, 1000);
  Commit(1, 1000);
  // One loader: what several make of the same totals is a little more until it is put together.
  const absl::Status status = Follow({.bytes_max = 5000, .loaders = 1})->CatchUp();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("may take 5000 bytes"));
  EXPECT_EQ(held_.book(), nullptr);
  EXPECT_THAT(Follow({.bytes_max = NeedOf(status) - 1, .loaders = 1})->CatchUp(),
              StatusIs(absl::StatusCode::kResourceExhausted));
  FAIRWAY_ASSERT_OK(Follow({.bytes_max = NeedOf(status), .loaders = 1})->CatchUp());
  EXPECT_EQ(held_.book()->byte_count(), NeedOf(status));
}

// Each loader alone would stay below.
TEST_F(BookFollowerTest, TheBoundHoldsForAllLoadersTogether) {
  Commit(0, 1000);
  FAIRWAY_ASSERT_OK(Follow()->CatchUp());
  const int64_t bytes = held_.book()->byte_count();
  HeldBook held(&clock_);
  BookFollower follower(
      &stores_.source(), &held, {.bytes_max = bytes * 3 / 4, .loaders = 2}, &clock_,
      {.published = [](const PriceBook&, absl::Duration) {}, .failed = [](const absl::Status&) {}});
  EXPECT_EQ(NeedOf(follower.CatchUp()), bytes);
}

TEST_F(BookFollowerTest, ACommitBeyondTheBoundLeavesTheLastBook) {
  Commit(0, 10);
  const auto follower = Follow({.bytes_max = 5000});
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  Commit(1, 1000);
  EXPECT_THAT(follower->CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(HeldVersion(), 2);
}

TEST_F(BookFollowerTest, BeyondTheBoundTheStoredVersionAnswersUntilOneFits) {
  Commit(0, 10);
  BookRateReader reader(&held_, &stores_.rates());
  const auto follower = Follow({.bytes_max = 5000});
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(DatasetSummary dataset, reader.ReadDataset(Soon()));
  EXPECT_EQ(dataset.engine, "memory");
  Commit(1, 1000);
  EXPECT_THAT(follower->CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));

  EXPECT_EQ(reader.TrySnapshot(NewestHeld{}), nullptr);
  EXPECT_EQ(reader.TrySnapshot(AtLeast{1}), nullptr) << "versions never go back";
  EXPECT_EQ(reader.TrySnapshot(MaxStaleness{absl::Hours(1)}), nullptr);
  EXPECT_NE(reader.TrySnapshot(Exactly{2}), nullptr);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, reader.Snapshot(NewestHeld{}, Soon()));
  EXPECT_EQ(snapshot->version(), 3);
  EXPECT_EQ(Count(*snapshot, "CNSHA", "NLRTM"), 1010);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(dataset, reader.ReadDataset(Soon()));
  EXPECT_THAT(dataset.engine, ::testing::StartsWith("sql (the book exceeds"));
  EXPECT_EQ(dataset.held_version.number, 3);
  EXPECT_EQ(reader.Lag(), absl::ZeroDuration()) << "answers are the newest";

  stores_.Revert({"acme", "batch-1"});
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  EXPECT_NE(reader.TrySnapshot(NewestHeld{}), nullptr);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(dataset, reader.ReadDataset(Soon()));
  EXPECT_EQ(dataset.engine, "memory");
}

TEST_F(BookFollowerTest, BeyondTheBoundImportedLocationsAreSeen) {
  Commit(0, 10);
  BookLocationReader reader(&held_, &stores_.locations());
  const auto follower = Follow({.bytes_max = 5000});
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  Commit(1, 1000);
  EXPECT_THAT(follower->CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));
  FAIRWAY_ASSERT_OK(stores_.locations().Import({.regions = {{"asia", "Asia", "world"}}}, Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, reader.ReadTree(Soon()));
  EXPECT_NE(tree->FindRegion("asia"), nullptr);
}

TEST_F(BookFollowerTest, BeyondTheBoundFromTheStartTheStoredVersionAnswers) {
  Commit(0, 1000);
  BookRateReader reader(&held_, &stores_.rates());
  const auto follower = Follow({.bytes_max = 5000});
  follower->Start();
  EXPECT_TRUE(Eventually([&] { return held_.is_over_budget(); }));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, reader.Snapshot(NewestHeld{}, Soon()));
  EXPECT_EQ(snapshot->version(), 2);
  stores_.Revert({"acme", "batch-0"});
  AwaitVersion(3);
  EXPECT_EQ(failures_, 1) << "reported once";
}

TEST_F(BookFollowerTest, TheSameVersionIsTriedAgainLater) {
  Commit(0, 1000);
  FakeClock clock(absl::FromUnixSeconds(1'000'000));
  HeldBook held(&clock);
  BookFollower follower(
      &stores_.source(), &held, {.bytes_max = 5000}, &clock,
      {.published = [](const PriceBook&, absl::Duration) {}, .failed = [](const absl::Status&) {}});
  EXPECT_THAT(follower.CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));
  const int opened = stores_.source().readers_opened();
  clock.Advance(absl::Seconds(9));
  EXPECT_THAT(follower.CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(stores_.source().readers_opened(), opened);
  clock.Advance(absl::Seconds(2));
  EXPECT_THAT(follower.CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_GT(stores_.source().readers_opened(), opened);
}

// Both are in memory until the last query has left the old one.
TEST_F(BookFollowerTest, TheBoundHoldsForTheOldAndTheNewBookTogether) {
  Commit(0, 1000);
  FAIRWAY_ASSERT_OK(Follow()->CatchUp());
  const int64_t bytes = held_.book()->byte_count();
  Commit(1, 10);
  const absl::Status status = Follow({.bytes_max = bytes * 3 / 2})->CatchUp();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(std::string(status.message()),
              ::testing::HasSubstr(absl::StrCat("beside the ", bytes, " that are held")));
  FAIRWAY_ASSERT_OK(Follow({.bytes_max = bytes * 5 / 2})->CatchUp());
  EXPECT_EQ(HeldVersion(), 3);
}

TEST_F(BookFollowerTest, WhatDidNotFitIsReadAgainOnlyWhenThereIsAnotherVersion) {
  Commit(0, 10);
  const auto follower = Follow({.bytes_max = 5000});
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  Commit(1, 1000);
  const absl::Status refusal = follower->CatchUp();
  const int opened = stores_.source().readers_opened();
  EXPECT_EQ(follower->CatchUp(), refusal);
  EXPECT_EQ(stores_.source().readers_opened(), opened);
  stores_.Revert({"acme", "batch-1"});
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  EXPECT_EQ(HeldVersion(), 4);
}

}  // namespace
}  // namespace fairway
