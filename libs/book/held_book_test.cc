#include "libs/book/held_book.h"

#include <memory>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_rate_reader.h"
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
