#include "libs/book/held_book.h"

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_location_reader.h"
#include "libs/book/book_rate_reader.h"
#include "libs/book/testing/built_books.h"
#include "libs/storage/testing/memory_stores.h"

namespace fairway {
namespace {

using ::fairway::testing::MemoryStores;

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

TEST(HeldBookTest, AVersionIsTheNewestForAMoment) {
  FakeClock clock;
  HeldBook held(&clock);
  EXPECT_EQ(held.Lag(), absl::InfiniteDuration()) << "nothing is held";
  held.Confirm({.version = {0}}, clock.Now());
  EXPECT_EQ(held.Lag(), absl::InfiniteDuration()) << "nothing is held";
  held.Publish(std::make_shared<const PriceBook>());
  EXPECT_EQ(held.Lag(), absl::ZeroDuration());
  clock.Advance(absl::Seconds(3));
  EXPECT_EQ(held.Lag(), absl::ZeroDuration());
  clock.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(held.Lag(), absl::Seconds(3) + absl::Nanoseconds(1));
  held.Confirm({.version = {0}}, clock.Now());
  held.Withdraw();
  EXPECT_EQ(held.book(), nullptr);
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ(held.Lag(), absl::Seconds(1)) << "nothing is held";
}

TEST(HeldBookTest, ABookIsAsOldAsTheQuestionForItsVersion) {
  FakeClock clock;
  HeldBook held(&clock);
  const absl::Time asked = clock.Now();
  clock.Advance(absl::Seconds(2));
  held.Confirm({.version = {0}}, asked);
  clock.Advance(absl::Seconds(5));
  held.Publish(std::make_shared<const PriceBook>());
  EXPECT_EQ(held.Age(), absl::Seconds(7));
  held.Confirm({.version = {1}}, clock.Now());
  held.Publish(std::make_shared<const PriceBook>());
  EXPECT_EQ(held.Age(), absl::Seconds(7)) << "it is not the newest";
}

TEST(BookRateReaderTest, DistinguishesTheNewestFromWhatIsHeld) {
  FakeClock clock;
  HeldBook held(&clock);
  MemoryStores stores;
  BookRateReader reader(&held, &stores.rates());
  BookBudget budget(0, 0);
  held.Publish(Build(MakeTree({-1}, 2), budget, [](PriceBookBuilder&) {}).value());
  ASSERT_GT(held.book()->byte_count(), 0);
  held.Confirm({.version = {1}}, clock.Now());
  clock.Advance(absl::Seconds(1));
  const auto read = [&] { return reader.ReadDataset(Soon()).value(); };
  EXPECT_EQ(read().lag, absl::ZeroDuration());
  EXPECT_EQ(read().memory_bytes, held.book()->byte_count());
  const absl::Time commit_time = clock.Now();
  held.Confirm({.version = {2, 20}, .commit_time = commit_time}, clock.Now());
  EXPECT_EQ(read().newest_version, (VersionId{2, 20}));
  EXPECT_EQ(read().newest_commit_time, commit_time);
  EXPECT_EQ(read().held_version, VersionId{1});
  EXPECT_EQ(read().lag, absl::Seconds(1));
  EXPECT_EQ(reader.Lag(), absl::Seconds(1));
  held.SetOverBudget();
  EXPECT_EQ(read().memory_bytes, held.book()->byte_count()) << "it is held still";
  held.Withdraw();
  EXPECT_EQ(read().memory_bytes, 0);
}

class BookLocationReaderTest : public ::testing::Test {
 protected:
  BookLocationReaderTest() { Import("world"); }
  void Import(const std::string& slug) {
    FAIRWAY_EXPECT_OK(
        stores_.locations().Import({.regions = {{slug, slug, std::nullopt}}}, Soon()));
  }
  size_t Regions() { return reader_.ReadTree(Soon()).value()->regions().size(); }

  const SystemClock clock_;
  MemoryStores stores_;
  HeldBook held_{&clock_};
  BookLocationReader reader_{&held_, &stores_.locations()};
};

TEST_F(BookLocationReaderTest, TheBookAnswersOnceThereIsOne) {
  EXPECT_EQ(Regions(), 1) << "what is stored";
  held_.Publish(std::make_shared<const PriceBook>());
  EXPECT_EQ(Regions(), 0);
}

// A book that no commit can replace would never learn of them.
TEST_F(BookLocationReaderTest, BeyondTheBudgetLocationsAreThoseThatAreStored) {
  held_.Publish(std::make_shared<const PriceBook>());
  held_.SetOverBudget();
  EXPECT_EQ(Regions(), 1);
  Import("moon");
  EXPECT_EQ(Regions(), 2);
  held_.Publish(std::make_shared<const PriceBook>());
  EXPECT_EQ(Regions(), 0) << "the book is up to date again";
}

TEST(BookRateReaderTest, MemoryAnswersOnlyWhatItHolds) {
  FakeClock clock(absl::FromUnixSeconds(1'000'000));
  HeldBook held(&clock);
  MemoryStores stores;
  BookRateReader reader(&held, &stores.rates());
  EXPECT_EQ(reader.TrySnapshot(NewestHeld{}), nullptr) << "there is no book yet";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary dataset,
                               reader.ReadDataset(absl::Now() + absl::Seconds(30)));
  EXPECT_EQ(dataset.engine, "sql (the book is being loaded)");
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
