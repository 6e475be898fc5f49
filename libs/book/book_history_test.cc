#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/testing/book_follower_fixture.h"

namespace fairway {
namespace {

using ::fairway::testing::MemoryStores;
using ::fairway::testing::StatusIs;

// What the numbers of the two histories have to do with each other must not matter.
TEST_F(BookFollowerTest, AnotherHistoryIsLoadedAnew) {
  for (const int commits_after : {0, 1, 2, 5}) {
    MemoryStores stores;
    HeldBook held(&clock_);
    BookFollower follower(&stores.source(), &held, {}, &clock_, Silent());
    ImportPorts(stores);
    CommitTo(stores, 0, 50);
    stores.Backup();
    CommitTo(stores, 1, 70);
    CommitTo(stores, 2, 90);
    FAIRWAY_ASSERT_OK(follower.CatchUp());
    ASSERT_EQ(Count(*held.book(), "CNSHA", "NLRTM"), 210);
    stores.Restore();
    for (int i = 0; i < commits_after; ++i) CommitTo(stores, 10 + i, 1000);
    FAIRWAY_ASSERT_OK(follower.CatchUp());
    EXPECT_EQ(held.book()->version(), 2 + commits_after);
    EXPECT_EQ(Count(*held.book(), "CNSHA", "NLRTM"), 50 + 1000 * commits_after) << commits_after;
    EXPECT_EQ(held.Lag(), absl::ZeroDuration());
    FAIRWAY_ASSERT_OK(follower.CatchUp());
  }
}

TEST_F(BookFollowerTest, AnotherHistoryIsNoticedWithoutANotification) {
  Commit(0);
  stores_.Backup();
  Commit(1, 70);
  const auto follower = Follow();
  follower->Start();
  AwaitVersion(3);
  stores_.Restore();
  EXPECT_TRUE(Eventually([&] { return HeldVersion() == 2; }));
  EXPECT_EQ(Count(*held_.book(), "CNSHA", "NLRTM"), 50);
}

TEST_F(BookFollowerTest, WhatIsHeldAnswersAndIsLateUntilTheOtherHistoryIsLoaded) {
  Commit(0);
  stores_.Backup();
  Commit(1, 70);
  FakeClock clock(absl::FromUnixSeconds(1'000'000));
  HeldBook held(&clock);
  BookFollower follower(&stores_.source(), &held, {}, &clock, Silent());
  FAIRWAY_ASSERT_OK(follower.CatchUp());
  stores_.Restore();
  clock.Advance(absl::Seconds(1));
  // What the follower finds at its first look, before it has loaded anything.
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto state, stores_.source().ReadState(Soon()));
  held.Confirm({state.version, state.commit_time}, clock.Now());
  EXPECT_EQ(held.Lag(), absl::Seconds(1));
  EXPECT_NE(held.book(), nullptr);
  FAIRWAY_ASSERT_OK(follower.CatchUp());
  EXPECT_EQ(held.Lag(), absl::ZeroDuration());
}

TEST_F(BookFollowerTest, ALostHistoryMakesRoomForTodays) {
  Commit(0, 1000);
  FAIRWAY_ASSERT_OK(Follow()->CatchUp());
  const int64_t bytes = held_.book()->byte_count();
  HeldBook held(&clock_);
  BookFollower follower(&stores_.source(), &held, {.bytes_max = bytes * 3 / 2}, &clock_, Silent());
  stores_.Backup();
  Commit(1, 1);
  FAIRWAY_ASSERT_OK(follower.CatchUp());
  stores_.Restore();
  EXPECT_THAT(follower.CatchUp(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(held.book(), nullptr) << "what is stored answers";
  FAIRWAY_ASSERT_OK(follower.CatchUp());
  EXPECT_EQ(Count(*held.book(), "CNSHA", "NLRTM"), 1000);
}

TEST_F(BookFollowerTest, ABookThatLacksWhatIsTakenOutIsLoadedAnew) {
  Commit(0);
  BookLoader loader(&stores_.source(), {});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(DatasetChanges changes, ReadChangesSince({}));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book, loader.Load(changes.state, Soon()));
  Commit(1, 70);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(changes, ReadChangesSince(book->version_id()));
  ASSERT_EQ(changes.added_batches.size(), 1);
  std::swap(changes.added_batches, changes.removed_batches);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto next, loader.Update(book, changes, Soon()));
  EXPECT_EQ(Count(*next, "CNSHA", "NLRTM"), 120);
}

TEST_F(BookFollowerTest, ABookThatWasReplacedIsFreedWhenNobodyReadsIt) {
  Commit(0);
  const auto follower = Follow();
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  std::shared_ptr<const PriceBook> reader = held_.book();
  const std::weak_ptr<const PriceBook> old = reader;
  Commit(1);
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  EXPECT_FALSE(old.expired());
  reader.reset();
  EXPECT_FALSE(old.expired()) << "the follower frees it";
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  EXPECT_TRUE(old.expired());
}

TEST_F(BookFollowerTest, ABookThatWasReplacedIsFreed) {
  Commit(0);
  const auto follower = Follow();
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  const std::weak_ptr<const PriceBook> replaced = held_.book();
  Commit(1);
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  FAIRWAY_ASSERT_OK(follower->CatchUp());
  EXPECT_TRUE(replaced.expired());
}

}  // namespace
}  // namespace fairway
