#include "libs/book/book_loader.h"

#include <stop_token>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/testing/book_follower_fixture.h"

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
