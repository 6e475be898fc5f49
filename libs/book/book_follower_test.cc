#include "libs/book/book_follower.h"

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
#include "libs/book/book_rate_reader.h"
#include "libs/series/series_run_builder.h"
#include "libs/storage/testing/memory_stores.h"

namespace fairway {
namespace {

using ::fairway::testing::MemoryStores;
using ::fairway::testing::StatusIs;

absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

class BookFollowerTest : public ::testing::Test {
 protected:
  BookFollowerTest() {
    ImportPorts(stores_);
    const auto tree = *stores_.locations().ReadTree(Soon());
    out_ = {tree->FindPort("CNSHA")->id, tree->FindPort("NLRTM")->id};
    back_ = {out_.destination, out_.origin};
  }

  // The same numbers in every data set.
  static void ImportPorts(MemoryStores& stores) {
    const auto port = [](absl::string_view code) {
      return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = "world"};
    };
    FAIRWAY_EXPECT_OK(stores.locations().Import(
        {.regions = {{"world", "World", std::nullopt}}, .ports = {port("CNSHA"), port("NLRTM")}},
        Soon()));
  }

  // Commits a batch with the same number of prices for each of the two lanes.
  void Commit(int number, int prices = 50) { CommitTo(stores_, number, prices); }
  void CommitTo(MemoryStores& stores, int number, int prices) {
    const BatchKey key = {"acme", absl::StrCat("batch-", number)};
    SeriesRunBuilder builder;
    for (int i = 0; i < prices; ++i) {
      builder.Add(out_, FirstDay(), 100 + i);
      builder.Add(back_, FirstDay(), 200 + i);
    }
    SeriesRun run;
    builder.TakeInto(run);
    auto claim = stores.batches().Claim(key, "", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(claim->writer->Append(run));
    FAIRWAY_ASSERT_OK(claim->writer->Commit(
        {.row_count = 2 * prices, .lane_count = 2, .days = DayRange{FirstDay(), FirstDay()}},
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
    while (HeldVersion() < version) std::this_thread::yield();
  }
  static int64_t Count(const RateSnapshot& snapshot, const char* origin, const char* destination) {
    return snapshot
        .ReadDailyRates(
            {.origin = origin, .destination = destination, .days = {FirstDay(), FirstDay()}},
            Soon())
        ->days[0]
        .price_count;
  }

  MemoryStores stores_;
  SystemClock clock_;
  const absl::Notification never_;
  HeldBook held_{&clock_};
  std::atomic<int> failures_ = 0;
  Lane out_;
  Lane back_;
};

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
  stores_.source().Wake();
  Commit(1);
  while (failures_ < 2) std::this_thread::yield();
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

TEST_F(BookFollowerTest, BeyondTheBoundFromTheStartTheStoredVersionAnswers) {
  Commit(0, 1000);
  BookRateReader reader(&held_, &stores_.rates());
  const auto follower = Follow({.bytes_max = 5000});
  follower->Start();
  while (!held_.is_over_budget()) std::this_thread::yield();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, reader.Snapshot(NewestHeld{}, Soon()));
  EXPECT_EQ(snapshot->version(), 2);
  stores_.Revert({"acme", "batch-0"});
  AwaitVersion(3);
  EXPECT_EQ(failures_, 1) << "told once";
}

TEST_F(BookFollowerTest, LocationsAloneAreFollowedOnceASecond) {
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

TEST_F(BookFollowerTest, AnotherHistoryIsNoticedWithoutBeingTold) {
  Commit(0);
  stores_.Backup();
  Commit(1, 70);
  const auto follower = Follow();
  follower->Start();
  AwaitVersion(3);
  stores_.Restore();
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (HeldVersion() != 2 && absl::Now() < give_up) std::this_thread::yield();
  EXPECT_EQ(HeldVersion(), 2);
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
  // What the follower's first look tells, before it has loaded anything.
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
  BookLoader loader(&stores_.source(), {}, &never_);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(DatasetChanges changes, ReadChangesSince({}));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book, loader.Load(changes.state, Soon()));
  Commit(1, 70);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(changes, ReadChangesSince(book->version_id()));
  ASSERT_EQ(changes.added_batches.size(), 1);
  std::swap(changes.added_batches, changes.removed_batches);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto next, loader.Update(book, changes, Soon()));
  EXPECT_EQ(Count(*next, "CNSHA", "NLRTM"), 120);
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

TEST(HeldBookTest, LagBeginsWhenTheNewestIsNotHeldOrNotKnown) {
  FakeClock clock(absl::FromUnixSeconds(1'000'000));
  HeldBook held(&clock);
  held.Publish(std::make_shared<const PriceBook>());
  held.Confirm({.version = {0}}, clock.Now());
  clock.Advance(absl::Seconds(2));
  EXPECT_EQ(held.Lag(), absl::ZeroDuration());
  EXPECT_EQ(held.Age(), absl::Seconds(2));
  clock.Advance(absl::Seconds(2));
  EXPECT_EQ(held.Lag(), absl::Seconds(4)) << "nobody has looked";
  held.Confirm({.version = {1}}, clock.Now());
  EXPECT_EQ(held.Lag(), absl::Seconds(4)) << "there is a newer one";
  held.Confirm({.version = {0, 70}}, clock.Now());
  EXPECT_EQ(held.Lag(), absl::Seconds(4)) << "there is one of another history";
  held.Confirm({.version = {0}}, clock.Now());
  EXPECT_EQ(held.Lag(), absl::ZeroDuration());
}

TEST(BookRateReaderTest, MemoryAnswersOnlyWhatItHolds) {
  FakeClock clock(absl::FromUnixSeconds(1'000'000));
  HeldBook held(&clock);
  MemoryStores stores;
  BookRateReader reader(&held, &stores.rates());
  EXPECT_EQ(reader.TrySnapshot(NewestHeld{}), nullptr) << "there is no book yet";
  held.Publish(std::make_shared<const PriceBook>());
  held.Confirm({.version = {0}}, clock.Now());
  EXPECT_NE(reader.TrySnapshot(NewestHeld{}), nullptr);
  EXPECT_NE(reader.TrySnapshot(AtLeast{{0}}), nullptr);
  EXPECT_EQ(reader.TrySnapshot(AtLeast{{1}}), nullptr);
  EXPECT_NE(reader.TrySnapshot(Exactly{{0}}), nullptr);
  EXPECT_EQ(reader.TrySnapshot(Exactly{{1}}), nullptr);
  clock.Advance(absl::Seconds(2));
  EXPECT_NE(reader.TrySnapshot(MaxStaleness{absl::Seconds(2)}), nullptr);
  EXPECT_EQ(reader.TrySnapshot(MaxStaleness{absl::Milliseconds(1999)}), nullptr);
}

}  // namespace
}  // namespace fairway
