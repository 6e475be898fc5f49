#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/book/price_book.h"
#include "libs/book/price_book_builder.h"
#include "libs/book/testing/built_books.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

constexpr Day kNextFirstDay = std::chrono::year(2026) / 1 / 1;

// A book of the first price, and what follows from it with the tree of `parents`.
class NextBookTest : public ::testing::Test {
 protected:
  std::shared_ptr<const PriceBook> Follow(const std::shared_ptr<const LocationTree>& tree) {
    return *Build(
        tree, budget_, [](PriceBookBuilder&) {}, first_);
  }

  BookBudget budget_{0, 0};
  std::shared_ptr<const PriceBook> first_ =
      *Build(MakeTree({-1, 0}, 1), budget_, [](PriceBookBuilder& builder) {
        AddPrices(builder, {2, 2}, kNextFirstDay, 3);
      });
};

TEST_F(NextBookTest, NewNamesLeaveTheTotals) {
  const auto renamed = Follow(MakeTree({-1, 0}, 1));
  EXPECT_EQ(renamed->superseded_bytes(), first_->locations().byte_count());
  EXPECT_EQ(renamed->byte_count(), first_->byte_count());
}

TEST_F(NextBookTest, ANewShapeMovesThem) {
  const auto moved = Follow(MakeTree({-1, -1}, 1));
  EXPECT_GT(moved->superseded_bytes(), first_->locations().byte_count());
  const auto rates = moved->ReadDailyRates(
      {.origin = "r0", .destination = "r1", .days = {kNextFirstDay, kNextFirstDay}},
      absl::InfiniteFuture());
  EXPECT_EQ(rates->days[0].price_count, 0);
}

TEST_F(NextBookTest, TakesWhatABookMadeAtOnceTakes) {
  const auto tree = MakeTree({-1, -1}, 1);
  const auto add = [](PriceBookBuilder& builder) { AddPrices(builder, {2, 2}, kNextFirstDay, 3); };
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto at_once, Build(tree, budget_, add));
  EXPECT_EQ(Follow(tree)->byte_count(), at_once->byte_count());
}

// What comes and how the tree changes may meet in one version.
TEST_F(NextBookTest, CountsNewPricesInANewTreeOnce) {
  const auto tree = MakeTree({-1, -1}, 1);
  BookBudget budget(0, 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book, Build(
                                                    tree, budget,
                                                    [](PriceBookBuilder& builder) {
                                                      AddPrices(builder, {2, 2}, kNextFirstDay, 4);
                                                    },
                                                    first_));
  const auto rates = book->ReadDailyRates(
      {.origin = "r1", .destination = "r1", .days = {kNextFirstDay, kNextFirstDay}},
      absl::InfiniteFuture());
  EXPECT_EQ(rates->days[0].price_count, 7);
  // All that it has is made anew.
  EXPECT_THAT(std::string(budget.Refusal(1).message()),
              ::testing::EndsWith(absl::StrCat("needs at least ", book->byte_count())));
}

TEST_F(NextBookTest, IsLeasedByItself) {
  const auto lease = first_->lease();
  const auto next = Follow(MakeTree({-1, 0}, 1));
  EXPECT_TRUE(first_->is_leased());
  EXPECT_FALSE(next->is_leased());
  const auto other = next->lease();
  EXPECT_TRUE(next->is_leased());
}

TEST_F(NextBookTest, HasTheTimeOfItsVersion) {
  PriceBookBuilder builder(first_, first_->shared_locations(), &budget_);
  const absl::Time time = absl::FromUnixSeconds(7);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto next, builder.Finish({7, 70}, time));
  EXPECT_EQ(next->commit_time(), time);
  EXPECT_EQ(next->version_id(), (VersionId{7, 70}));
}

// How much of a book of many days the one after it does not share.
class SupersededTest : public ::testing::Test {
 protected:
  static constexpr int kDays = 2'000;

  std::shared_ptr<const PriceBook> Make(PortId destination, Day day,
                                        const std::shared_ptr<const PriceBook>& base) {
    return *Build(
        tree_, budget_,
        [&](PriceBookBuilder& builder) {
          AddPrices(builder, {3, destination}, day, 1);
        },
        base);
  }

  BookBudget budget_{0, 0};
  const std::shared_ptr<const LocationTree> tree_ = MakeTree({-1, 0}, 2);
  const std::shared_ptr<const PriceBook> first_ =
      *Build(tree_, budget_, [](PriceBookBuilder& builder) {
        for (int i = 0; i < kDays; ++i) {
          AddPrices(builder, {3, 3}, kNextFirstDay + std::chrono::days(i), 1);
        }
      });
};

TEST_F(SupersededTest, IsWhatChanged) {
  const int64_t of_new_lane = Make(4, kNextFirstDay, first_)->superseded_bytes();
  const int64_t of_known_lane = Make(3, kNextFirstDay, first_)->superseded_bytes();
  EXPECT_GT(of_new_lane, 0) << "the totals of its day";
  // 4 bytes for each price and 6 for each day of the lane that was replaced.
  EXPECT_GT(of_known_lane, of_new_lane + 10 * kDays);
  EXPECT_LT(of_known_lane, of_new_lane + 10 * kDays + 500);
  EXPECT_LT(of_new_lane, first_->byte_count() / 10) << "most days are shared";
}

TEST_F(NextBookTest, ATreeThatLacksAPortOfThePricesIsAnError) {
  const auto book = Build(
      MakeTree({-1}, 1), budget_, [](PriceBookBuilder&) {}, first_);
  EXPECT_THAT(book, StatusIs(absl::StatusCode::kDataLoss, ::testing::HasSubstr("ports 2 and 2")));
}

}  // namespace
}  // namespace fairway
