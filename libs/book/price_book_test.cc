#include "libs/book/price_book.h"

#include <random>
#include <stop_token>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/book/price_book_builder.h"
#include "libs/book/testing/built_books.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

constexpr Day kFirstDay = std::chrono::year(2026) / 1 / 1;

class CancelledQueryTest : public ::testing::Test {
 protected:
  CancelledQueryTest() { stop_.request_stop(); }

  static RateQuery Ask(const std::string& origin, const std::string& destination) {
    return {.origin = origin, .destination = destination, .days = {kFirstDay, kFirstDay}};
  }

  BookBudget budget_{0, 0};
  std::stop_source stop_;
  const Deadline given_up_{absl::InfiniteFuture(), stop_.get_token()};
};

TEST_F(CancelledQueryTest, StopsReadingPrices) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book,
                               Build(MakeTree({-1}, 2), budget_, [](PriceBookBuilder& builder) {
                                 AddPrices(builder, {1, 2}, kFirstDay, 1'100'000);
                               }));
  RateQuery query = Ask("P1001", "P1002");
  EXPECT_THAT(book->ReadDailyRates(query, given_up_), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(book->ReadDailyRates(query, absl::InfinitePast()),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  query = Ask("r0", "r0");
  query.with_percentiles = true;
  EXPECT_THAT(book->ReadDailyRates(query, given_up_), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(book->ListLanes(std::nullopt, 10, given_up_), StatusIs(absl::StatusCode::kCancelled));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates,
                               book->ReadDailyRates(query, absl::InfiniteFuture()));
  EXPECT_EQ(rates.days[0].price_count, 1'100'000);
  EXPECT_EQ(rates.percentiles[0][3], 100);
}

TEST_F(CancelledQueryTest, StopsSearchingForLanes) {
  constexpr int kPorts = 1'050;
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const auto book, Build(MakeTree({-1}, kPorts), budget_, [](PriceBookBuilder& builder) {
        for (int from = 1; from <= kPorts; ++from) {
          AddPrices(builder, {from, kPorts}, kFirstDay, 1);
        }
      }));
  RateQuery query = Ask("r0", "r0");
  query.with_percentiles = true;
  EXPECT_THAT(book->ReadDailyRates(query, given_up_), StatusIs(absl::StatusCode::kCancelled));
}

// Percentiles take whole days together, and one day always, however many prices it has.
TEST(PriceBookPercentilesTest, ADayMayHaveMoreThanAreTakenTogether) {
  constexpr int kMany = (1 << 21) + 1;
  BookBudget budget(0, 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const auto book, Build(MakeTree({-1}, 2), budget, [](PriceBookBuilder& builder) {
        AddPrices(builder, {1, 2}, kFirstDay, kMany);
        AddPrices(builder, {1, 2}, kFirstDay + std::chrono::days(1), 5);
        AddPrices(builder, {1, 2}, kFirstDay + std::chrono::days(2), kMany);
      }));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const DailyRates rates,
      book->ReadDailyRates({.origin = "P1001",
                            .destination = "P1002",
                            .days = {kFirstDay, kFirstDay + std::chrono::days(3)},
                            .with_percentiles = true},
                           absl::InfiniteFuture()));
  ASSERT_EQ(rates.percentiles.size(), 4);
  for (const size_t day : {0, 1, 2}) {
    EXPECT_THAT(rates.percentiles[day], ::testing::Each(100.0)) << day;
  }
  EXPECT_THAT(rates.percentiles[3], ::testing::Each(0.0));
  EXPECT_EQ(rates.days[1].price_count, 5);
}

TEST_F(CancelledQueryTest, StopsPassingPortsWithoutLanes) {
  std::vector<Port> ports;
  for (int id = 1; id <= 25'000; ++id) {
    const std::string code = absl::StrCat(absl::Hex(id, absl::kZeroPad5));
    ports.push_back({id, *PortCode::Parse(absl::AsciiStrToUpper(code)), "A port", "r0"});
  }
  const auto tree = std::make_shared<const LocationTree>(
      *LocationTree::Build({{"r0", "A region", std::nullopt}}, ports));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book, Build(tree, budget_, [](PriceBookBuilder& builder) {
                                 AddPrices(builder, {1, 2}, kFirstDay, 1);
                               }));
  RateQuery query = Ask("r0", "r0");
  query.with_percentiles = true;
  EXPECT_THAT(book->ReadDailyRates(query, given_up_), StatusIs(absl::StatusCode::kCancelled));
}

TEST(PriceBookEstimateTest, CountsTheLanesThatAreLookedAt) {
  BookBudget budget(0, 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book,
                               Build(MakeTree({-1, 0}, 10), budget, [](PriceBookBuilder& builder) {
                                 for (int to = 2; to <= 20; ++to)
                                   AddPrices(builder, {1, to}, kFirstDay, 1);
                               }));
  EXPECT_EQ(book->EstimateLanes("P1001", "P1002", false), 1);
  EXPECT_EQ(book->EstimateLanes("P1001", "r0", false), 19);
  EXPECT_EQ(book->EstimateLanes("P1001", "r1", false), 10);
  EXPECT_EQ(book->EstimateLanes("P1002", "r0", false), 0) << "no lanes";
  EXPECT_EQ(book->EstimateLanes("r0", "P1002", false), 19) << "at most";
  EXPECT_EQ(book->EstimateLanes("r0", "r0", false), 1) << "there are totals";
  EXPECT_EQ(book->EstimateLanes("r0", "r0", true), 19);
  EXPECT_EQ(book->EstimateLanes("r0", "XXXXX", true), 0);
  EXPECT_EQ(book->EstimateLanes("XXXXX", "r0", true), 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto empty,
                               Build(MakeTree({-1}, 0), budget, [](PriceBookBuilder&) {}));
  EXPECT_EQ(empty->EstimateLanes("r0", "r0", false), 0) << "no ports";
}

// What is asked of the budget before memory is taken is what the book says it takes, with however
// many paths through the tree, and with prices that come and go.
TEST(PriceBookBudgetTest, CountsWhatTheBookTakes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto below = [&](int bound) { return static_cast<int>(random() % bound); };
  for (int round = 0; round < 20; ++round) {
    std::vector<int> parents = {-1, -1};
    while (parents.size() < 12) parents.push_back(below(static_cast<int>(parents.size())) - 1);
    const auto tree = MakeTree(parents, 2);
    std::vector<std::pair<Lane, Day>> prices;
    for (int i = 0; i < 40; ++i) {
      prices.push_back({{1 + below(24), 1 + below(24)}, kFirstDay + std::chrono::days(below(100))});
    }
    const auto add_all = [&](PriceBookBuilder& builder) {
      for (const auto& [lane, day] : prices) AddPrices(builder, lane, day, 2);
    };
    BookBudget unbounded(0, 0);
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book, Build(tree, unbounded, add_all));
    BookBudget enough(2 * book->byte_count(), 0);
    FAIRWAY_ASSERT_OK(Build(tree, enough, add_all));
    BookBudget short_of_one(book->byte_count() - 1, 0);
    EXPECT_THAT(std::string(Build(tree, short_of_one, add_all).status().message()),
                ::testing::HasSubstr(absl::StrCat("needs at least ", book->byte_count())));
  }
}

TEST(PriceBookBudgetTest, ADeepTreeIsCountedLevelByLevel) {
  std::vector<int> parents = {-1};
  while (parents.size() < limits::kRegionLevelsMax) {
    parents.push_back(static_cast<int>(parents.size()) - 1);
  }
  const auto tree = MakeTree(parents, 1);
  const auto add_one = [](PriceBookBuilder& builder) {
    AddPrices(builder, {32, 32}, kFirstDay, 3);
  };
  BookBudget budget(64 << 10, 0);
  EXPECT_THAT(Build(tree, budget, add_one), StatusIs(absl::StatusCode::kResourceExhausted));
  BookBudget enough(1 << 20, 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book, Build(tree, enough, add_one));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const DailyRates rates,
      book->ReadDailyRates({.origin = "r0", .destination = "r31", .days = {kFirstDay, kFirstDay}},
                           absl::InfiniteFuture()));
  EXPECT_EQ(rates.days[0].price_count, 3);
}

}  // namespace
}  // namespace fairway
