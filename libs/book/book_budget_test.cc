#include "libs/book/book_budget.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/book/retired_books.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::EndsWith;

TEST(BookBudgetTest, IsExceededBeyondItsBoundForGood) {
  BookBudget budget(1'000, 800);
  budget.Take(200);
  EXPECT_FALSE(budget.is_exceeded());
  budget.Take(1);
  EXPECT_TRUE(budget.is_exceeded());
  budget.Take(-201);
  EXPECT_TRUE(budget.is_exceeded());
  budget.Take(300);
  EXPECT_THAT(budget.Refusal(7), StatusIs(absl::StatusCode::kResourceExhausted,
                                          "the price book may take 1000 bytes, and version 7 needs "
                                          "at least 300 beside the 800 that are held"));
}

TEST(BookBudgetTest, WhatIsGivenBackIsThere) {
  BookBudget budget(1'000, 0);
  budget.Take(1'000);
  budget.Take(-500);
  budget.Take(500);
  EXPECT_FALSE(budget.is_exceeded());
  budget.Take(1);
  EXPECT_THAT(std::string(budget.Refusal(7).message()), EndsWith("needs at least 1001"));
}

TEST(BookBudgetTest, WithoutABoundItIsNeverExceeded) {
  BookBudget budget(0, 1'000);
  budget.Take(int64_t{1} << 50);
  EXPECT_FALSE(budget.is_exceeded());
  EXPECT_FALSE(budget.is_hopeless());
}

TEST(BookBudgetTest, IsHopelessFarBeyondItsBound) {
  BookBudget budget(1'000, 500);
  budget.Take(3'500);
  EXPECT_TRUE(budget.is_exceeded());
  EXPECT_FALSE(budget.is_hopeless());
  budget.Take(1);
  EXPECT_TRUE(budget.is_hopeless());
}

TEST(BookBudgetTest, WhatWasReplacedCountsAsHeld) {
  RetiredBooks retired;
  const auto book = std::make_shared<const PriceBook>();
  retired.Add(book, 100);
  BookBudget budget(1'000, 800, &retired);
  budget.Take(101);
  EXPECT_TRUE(budget.is_exceeded()) << "it is read";
  EXPECT_THAT(std::string(budget.Refusal(7).message()), EndsWith("beside the 900 that are held"));
}

}  // namespace
}  // namespace fairway
