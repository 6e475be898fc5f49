#include "libs/book/book_follower.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/testing/book_follower_fixture.h"

namespace fairway {
namespace {

TEST_F(BookFollowerTest, FollowsEveryCommitWithoutBeingAsked) {
  Commit(0);
  const auto follower = Follow();
  follower->Start();
  AwaitVersion(2);
  for (int i = 1; i < 20; ++i) {
    Commit(i);
    AwaitVersion(2 + i);
    EXPECT_EQ(Count(*held_.book(), "CNSHA", "NLRTM"), 50 * (i + 1));
  }
  EXPECT_EQ(held_.Lag(), absl::ZeroDuration());
  EXPECT_EQ(failures_, 0);
}

// Every batch adds as many prices to the one lane as to the other, so an answer in which they
// differ shows half a batch.
TEST_F(BookFollowerTest, NoReaderEverSeesAPartOfAVersion) {
  Commit(0);
  const auto follower = Follow();
  follower->Start();
  AwaitVersion(2);
  std::atomic<bool> stop = false;
  std::atomic<int64_t> reads = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      DatasetVersion last = 0;
      while (!stop) {
        const auto book = held_.book();
        ASSERT_GE(book->version(), last) << "versions never go back";
        last = book->version();
        const int64_t out = Count(*book, "CNSHA", "NLRTM");
        ASSERT_EQ(out, Count(*book, "NLRTM", "CNSHA"));
        ASSERT_EQ(Count(*book, "world", "world"), 2 * out);
        ASSERT_EQ(book->price_count(), 2 * out);
        ++reads;
      }
    });
  }
  for (int i = 1; i < 100; ++i) Commit(i);
  stores_.Revert({"acme", "batch-7"});
  AwaitVersion(102);
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(Count(*held_.book(), "CNSHA", "NLRTM"), 99 * 50);
  EXPECT_GT(reads, 0);
}

TEST_F(BookFollowerTest, WhatIsHeldStaysWhileTheSourceIsAway) {
  Commit(0);
  const auto follower = Follow();
  follower->Start();
  AwaitVersion(2);
  stores_.source().SetAvailable(false);
  Commit(1);
  EXPECT_TRUE(Eventually([&] { return failures_ >= 2; }));
  EXPECT_EQ(HeldVersion(), 2);
  EXPECT_EQ(Count(*held_.book(), "CNSHA", "NLRTM"), 50);
  stores_.source().SetAvailable(true);
  AwaitVersion(3);
  EXPECT_EQ(Count(*held_.book(), "CNSHA", "NLRTM"), 100);
}

TEST_F(BookFollowerTest, ABookIsNeverHeldWithoutAKnownAge) {
  Commit(0);
  absl::Duration lag;
  BookFollower follower(&stores_.source(), &held_, {}, &clock_,
                        {.published = [&](const PriceBook&, absl::Duration) { lag = held_.Lag(); },
                         .failed = [](const absl::Status&) {}});
  FAIRWAY_ASSERT_OK(follower.CatchUp());
  EXPECT_EQ(lag, absl::ZeroDuration());
}

TEST_F(BookFollowerTest, LocationsAloneAreFollowedNowAndThen) {
  Commit(0);
  FakeClock clock(absl::FromUnixSeconds(1'000'000));
  HeldBook held(&clock);
  BookFollower follower(&stores_.source(), &held, {}, &clock, Silent());
  FAIRWAY_ASSERT_OK(follower.Step());
  const auto rename = [&](const std::string& name) {
    FAIRWAY_ASSERT_OK(
        stores_.locations().Import({.regions = {{"world", name, std::nullopt}}}, Soon()));
    FAIRWAY_ASSERT_OK(follower.Step());
  };
  rename("Earth");
  EXPECT_EQ(held.book()->version(), 3) << "at once, as it was long ago";
  rename("Globe");
  EXPECT_EQ(held.book()->version(), 3);
  EXPECT_EQ(held.newest().version.number, 4);
  Commit(1);
  FAIRWAY_ASSERT_OK(follower.Step());
  EXPECT_EQ(held.book()->version(), 5) << "prices are never late";
  EXPECT_EQ(held.book()->locations().FindRegion("world")->name, "Globe");
  rename("Orb");
  EXPECT_EQ(held.book()->version(), 5);
  clock.Advance(absl::Seconds(1));
  FAIRWAY_ASSERT_OK(follower.Step());
  EXPECT_EQ(held.book()->locations().FindRegion("world")->name, "Orb");
}

}  // namespace
}  // namespace fairway
