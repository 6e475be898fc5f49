#include "libs/book/retired_books.h"

#include "gtest/gtest.h"

#include "libs/book/book_budget.h"

namespace fairway {
namespace {

class RetiredBooksTest : public ::testing::Test {
 protected:
  std::weak_ptr<const PriceBook> Add(int64_t bytes) {
    auto book = std::make_shared<const PriceBook>();
    const std::weak_ptr<const PriceBook> added = book;
    books_.Add(std::move(book), bytes);
    return added;
  }

  RetiredBooks books_;
};

TEST_F(RetiredBooksTest, ABookThatNobodyReadsGoes) {
  const auto book = Add(100);
  auto reader = book.lock();
  books_.FreeUnused();
  EXPECT_EQ(books_.bytes(), 100) << "it is read";
  reader.reset();
  books_.FreeUnused();
  EXPECT_TRUE(book.expired());
  EXPECT_EQ(books_.bytes(), 0);
}

TEST_F(RetiredBooksTest, ALeaseKeepsABookWhileThereIsMemory) {
  const auto book = Add(100);
  const auto lease = book.lock()->lease();
  books_.FreeUnused();
  EXPECT_FALSE(book.expired());
  BookBudget budget(1'000, 800, &books_);
  budget.Take(100);
  EXPECT_FALSE(book.expired());
  budget.Take(1);
  EXPECT_TRUE(book.expired());
  EXPECT_FALSE(budget.is_exceeded()) << "there is room again";
  budget.Take(100);
  EXPECT_TRUE(budget.is_exceeded());
}

TEST_F(RetiredBooksTest, ABookThatIsReadIsNeverTakenAway) {
  const auto book = Add(100);
  const auto reader = book.lock();
  BookBudget budget(1'000, 800, &books_);
  budget.Take(101);
  EXPECT_TRUE(budget.is_exceeded());
  EXPECT_FALSE(book.expired());
}

// An older book may share what the one after it had.
TEST_F(RetiredBooksTest, WhatAnOlderBookMayKeepStaysCounted) {
  auto reader = Add(100).lock();
  Add(10);
  books_.FreeUnused();
  EXPECT_EQ(books_.bytes(), 110);
  reader.reset();
  books_.FreeUnused();
  EXPECT_EQ(books_.bytes(), 0);
}

}  // namespace
}  // namespace fairway
