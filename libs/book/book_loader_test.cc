#include "libs/book/book_loader.h"

#include <atomic>
#include <functional>
#include <latch>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/testing/book_follower_fixture.h"
#include "libs/book/testing/scripted_source.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

// A book of one batch, and what follows.
class BookLoaderTest : public BookFollowerTest {
 protected:
  BookLoaderTest() { Commit(0, 100); }

  std::shared_ptr<const PriceBook> LoadNow() {
    BookLoader loader(&stores_.source(), {.loaders = 1});
    return loader.Load(stores_.source().ReadState(Soon()).value(), Soon()).value();
  }
  // From `book` to the newest version.
  absl::StatusOr<std::shared_ptr<const PriceBook>> Update(
      const std::shared_ptr<const PriceBook>& book, const BookOptions& options = {.loaders = 1},
      const Deadline& deadline = absl::InfiniteFuture()) {
    BookLoader loader(&stores_.source(), options);
    return loader.Update(book, ReadChangesSince(book->version_id()).value(), deadline);
  }
  static Deadline Stopped() {
    std::stop_source stop;
    stop.request_stop();
    return {absl::InfiniteFuture(), stop.get_token()};
  }
};

TEST_F(BookLoaderTest, EndsWhenItIsStopped) {
  const auto book = LoadNow();
  BookLoader loader(&stores_.source(), {.loaders = 2});
  EXPECT_THAT(loader.Load(stores_.source().ReadState(Soon()).value(), Stopped()),
              StatusIs(absl::StatusCode::kCancelled));
  Commit(1, 100);
  EXPECT_THAT(Update(book, {}, Stopped()), StatusIs(absl::StatusCode::kCancelled));
  stores_.Revert({"acme", "batch-0"});
  stores_.Revert({"acme", "batch-1"});
  EXPECT_THAT(Update(book, {}, Stopped()), StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(BookLoaderTest, AFailureOfTheSourceIsTheLoads) {
  const DatasetState state = stores_.source().ReadState(Soon()).value();
  BookLoader loader(&stores_.source(), {.loaders = 2});
  stores_.source().SetAvailable(false);
  EXPECT_THAT(loader.Load(state, Soon()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(BookLoaderTest, AnUpdateTakesWhatItMakesAnew) {
  const auto book = LoadNow();
  Commit(1, 100);
  const auto next = LoadNow();
  // The tree is shared.
  const int64_t made = next->byte_count() - next->locations().byte_count();
  FAIRWAY_EXPECT_OK(Update(book, {.bytes_max = book->byte_count() + made}));
  EXPECT_THAT(Update(book, {.bytes_max = book->byte_count() + made / 2}),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr(absl::StrCat("beside the ", book->byte_count()))));
}

TEST_F(BookLoaderTest, ANewTreeTakesMemoryToo) {
  const auto book = LoadNow();
  FAIRWAY_ASSERT_OK(
      stores_.locations().Import({.regions = {{"world", "Earth", std::nullopt}}}, Soon()));
  const int64_t tree = (*stores_.locations().ReadTree(Soon()))->byte_count();
  FAIRWAY_EXPECT_OK(Update(book, {.bytes_max = book->byte_count() + tree}));
  EXPECT_THAT(Update(book, {.bytes_max = book->byte_count() + tree - 1}),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(BookLoaderTest, AFarTooLargeLoadEndsWithItsFirstSeries) {
  const DatasetState state = stores_.source().ReadState(Soon()).value();
  BookLoader loader(&stores_.source(), {.bytes_max = 1, .loaders = 1});
  const absl::Status status = loader.Load(state, Soon()).status();
  EXPECT_THAT(std::string(status.message()),
              ::testing::EndsWith(absl::StrCat("needs at least ", state.locations->byte_count())));
}

TEST_F(BookLoaderTest, ABookThatIsLoadedAnewReplacesAllOfTheLast) {
  const auto book = LoadNow();
  stores_.Backup();
  Commit(1, 100);
  const auto lost = Update(book).value();
  stores_.Restore();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto next, Update(lost));
  EXPECT_EQ(next->superseded_bytes(), lost->byte_count());
  EXPECT_EQ(next->byte_count(), book->byte_count());
}

TEST_F(BookLoaderTest, ALargeCommitIsReadSideBySide) {
  const auto readers = [this](const auto& book, int64_t side_by_side_min) {
    const int opened = stores_.source().readers_opened();
    FAIRWAY_EXPECT_OK(Update(book, {.loaders = 2, .side_by_side_min = side_by_side_min}));
    return stores_.source().readers_opened() - opened;
  };
  const auto book = LoadNow();
  Commit(1, 100);
  EXPECT_EQ(readers(book, 201), 1);
  EXPECT_EQ(readers(book, 200), 2);
  const auto next = LoadNow();
  stores_.Revert({"acme", "batch-0"});
  EXPECT_EQ(readers(next, 201), 1);
  EXPECT_EQ(readers(next, 200), 2) << "a large batch that goes is a large change, too";
}

// Two loaders, each of which has begun to read before either goes on.
class SideBySideTest : public BookLoaderTest {
 protected:
  using OtherThread = std::function<absl::Status()>;

  // `other`: what each reading in the thread that the loader starts begins with.
  absl::StatusOr<std::shared_ptr<const PriceBook>> Update(
      const std::shared_ptr<const PriceBook>& book,
      const OtherThread& other = [] { return absl::OkStatus(); }) {
    std::latch both_read(2);
    std::atomic<int> readers = 0;
    thread_local bool is_first_read = false;
    const auto caller = std::this_thread::get_id();
    ScriptedSource source(&stores_.source(), [&](absl::string_view call, const Deadline&) {
      if (call == "OpenReader") is_first_read = ++readers <= 2;
      if (call != "ReadBatch") return absl::OkStatus();
      if (std::exchange(is_first_read, false)) both_read.arrive_and_wait();
      return std::this_thread::get_id() == caller ? absl::OkStatus() : other();
    });
    BookLoader loader(&source, {.loaders = 2, .side_by_side_min = 0});
    return loader.Update(book, ReadChangesSince(book->version_id()).value(), Soon());
  }
};

TEST_F(SideBySideTest, TakesWhatABookLoadedAtOnceDoes) {
  const std::shared_ptr<const PriceBook> book = LoadNow();
  Commit(1, 70);
  Commit(2, 30);
  stores_.Revert({"acme", "batch-0"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto next, Update(book));
  EXPECT_EQ(next->price_count(), 200);
  EXPECT_EQ(next->lane_count(), 2);
  EXPECT_EQ(Count(*next, "CNSHA", "NLRTM"), 100);
  EXPECT_EQ(Count(*next, "NLRTM", "CNSHA"), 100);
  EXPECT_EQ(Count(*next, "world", "world"), 200);
  EXPECT_EQ(next->byte_count(), LoadNow()->byte_count());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto by_one, BookLoaderTest::Update(book));
  EXPECT_EQ(next->superseded_bytes(), by_one->superseded_bytes());
}

TEST_F(SideBySideTest, AFailureOfEitherIsTheUpdates) {
  const auto book = LoadNow();
  Commit(1, 100);
  EXPECT_THAT(Update(book, [] { return absl::UnavailableError("gone"); }),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(SideBySideTest, PortsThatAreNotInTheTreeAreNoticed) {
  for (const PortId port : {-1, 99}) {
    const auto book = LoadNow();
    CommitLanes(stores_, port + 2, 100, {{port, out_.destination}});
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto next, Update(book));
    EXPECT_EQ(next->superseded_bytes(), book->byte_count()) << "loaded anew";
  }
}

TEST_F(SideBySideTest, EveryOriginIsInOneRange) {
  LocationChanges changes;
  for (int i = 0; i < 100; ++i) {
    changes.ports.push_back({.code = *PortCode::Parse(absl::StrCat("PT", 100 + i)),
                             .name = "A port",
                             .parent = "world"});
  }
  FAIRWAY_ASSERT_OK(stores_.locations().Import(changes, Soon()));
  const auto book = LoadNow();
  const auto tree = *stores_.locations().ReadTree(Soon());
  int64_t prices = book->price_count();
  for (const Port& port : tree->ports()) {
    if (port.id == out_.destination) continue;
    CommitLanes(stores_, 10 + port.id, 1, {{port.id, out_.destination}});
    ++prices;
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto next, Update(book));
  EXPECT_EQ(next->price_count(), prices);
  EXPECT_EQ(next->byte_count(), LoadNow()->byte_count());
}

TEST_F(BookLoaderTest, ManySmallBatchesAreReadByOne) {
  const auto book = LoadNow();
  for (int number = 1; number <= 3; ++number) Commit(number, 100);
  const int opened = stores_.source().readers_opened();
  FAIRWAY_EXPECT_OK(Update(book, {.loaders = 2, .side_by_side_min = 201}));
  EXPECT_EQ(stores_.source().readers_opened(), opened + 1);
  FAIRWAY_EXPECT_OK(Update(book, {.loaders = 2, .side_by_side_min = 200}));
  EXPECT_EQ(stores_.source().readers_opened(), opened + 3);
  FAIRWAY_EXPECT_OK(Update(book, {.loaders = 64, .side_by_side_min = 0}));
  EXPECT_EQ(stores_.source().readers_opened(), opened + 5) << "not more than there are ports";
}

TEST_F(BookLoaderTest, ABatchReadSideBySideHasTheSameBounds) {
  const auto book = LoadNow();
  Commit(1, 100);
  const BookOptions small = {
      .bytes_max = book->byte_count() + 1, .loaders = 2, .side_by_side_min = 0};
  EXPECT_THAT(Update(book, small), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(Update(book, {.loaders = 2, .side_by_side_min = 0}, Stopped()),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(BookLoaderTest, ABookFollowedStepByStepTakesWhatOneLoadedAtOnceDoes) {
  std::shared_ptr<const PriceBook> book = LoadNow();
  for (int number = 1; number < 4; ++number) {
    Commit(number, 100);
    FAIRWAY_ASSERT_OK_AND_ASSIGN(book, Update(book));
    EXPECT_EQ(book->byte_count(), LoadNow()->byte_count());
  }
  stores_.Revert({"acme", "batch-2"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(book, Update(book));
  EXPECT_EQ(book->byte_count(), LoadNow()->byte_count());
  EXPECT_EQ(book->lane_count(), 2);
  EXPECT_EQ(book->price_count(), 600);
}

}  // namespace
}  // namespace fairway
