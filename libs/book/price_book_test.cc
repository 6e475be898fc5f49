#include "libs/book/price_book.h"

#include <random>
#include <stop_token>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/book/price_book_builder.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

constexpr Day kFirstDay = std::chrono::year(2026) / 1 / 1;

std::string SlugOf(int region) { return absl::StrCat("r", region); }
PortCode CodeOf(int port) { return *PortCode::Parse(absl::StrCat("P", 1000 + port)); }

// As many ports in each of `parents.size()` regions, whose parents these are (-1: none).
std::shared_ptr<const LocationTree> MakeTree(const std::vector<int>& parents, int ports_each) {
  std::vector<Region> regions;
  std::vector<Port> ports;
  for (size_t i = 0; i < parents.size(); ++i) {
    const int region = static_cast<int>(i);
    regions.push_back({.slug = SlugOf(region), .name = "A region"});
    if (parents[i] >= 0) regions.back().parent = SlugOf(parents[i]);
    for (int port = 0; port < ports_each; ++port) {
      const int number = region * ports_each + port + 1;
      ports.push_back({number, CodeOf(number), "A port", SlugOf(region)});
    }
  }
  return std::make_shared<const LocationTree>(*LocationTree::Build(regions, ports));
}

// Calls make(builder) for a builder over `base`, and gives the book that comes of it.
template <typename Make>
absl::StatusOr<std::shared_ptr<const PriceBook>> Build(
    const std::shared_ptr<const LocationTree>& tree, BookBudget& budget, Make make,
    std::shared_ptr<const PriceBook> base = std::make_shared<const PriceBook>()) {
  if (base->shared_locations() != tree) budget.Take(tree->byte_count());
  PriceBookBuilder builder(std::move(base), tree, &budget);
  make(builder);
  return builder.Finish({.number = 1}, std::nullopt);
}

void AddPrices(PriceBookBuilder& builder, const Lane& lane, Day day, int count) {
  const std::vector<int32_t> days(static_cast<size_t>(count), DayNumber(day));
  const std::vector<Price> prices(static_cast<size_t>(count), 100);
  FAIRWAY_ASSERT_OK(builder.Add({lane, days, prices}));
}

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
  constexpr int kPorts = 150;
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
        AddPrices(builder, {2, 2}, kFirstDay, 3);
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
  const auto rates =
      moved->ReadDailyRates({.origin = "r0", .destination = "r1", .days = {kFirstDay, kFirstDay}},
                            absl::InfiniteFuture());
  EXPECT_EQ(rates->days[0].price_count, 0);
}

TEST_F(NextBookTest, ATreeThatLacksAPortOfThePricesIsAnError) {
  const auto book = Build(
      MakeTree({-1}, 1), budget_, [](PriceBookBuilder&) {}, first_);
  EXPECT_THAT(book, StatusIs(absl::StatusCode::kDataLoss, ::testing::HasSubstr("ports 2 and 2")));
}

}  // namespace
}  // namespace fairway
