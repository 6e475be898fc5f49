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

RateQuery AskFor(const char* origin, const char* destination, bool with_percentiles) {
  return {.origin = origin,
          .destination = destination,
          .days = {kFirstDay, kFirstDay},
          .with_percentiles = with_percentiles};
}

TEST(PriceBookEstimateTest, CountsWhatIsLookedAt) {
  BookBudget budget(0, 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const auto book, Build(MakeTree({-1, 0}, 10), budget, [](PriceBookBuilder& builder) {
        for (int to = 2; to <= 20; ++to) AddPrices(builder, {1, to}, kFirstDay, to);
        AddPrices(builder, {1, 2}, kFirstDay + std::chrono::days(500), 1000);
      }));
  const auto size = [&](const char* origin, const char* destination, bool with_percentiles) {
    return book->EstimateReading(AskFor(origin, destination, with_percentiles));
  };
  EXPECT_EQ(size("P1001", "P1002", false), (ReadingSize{1, 2})) << "on the days of the query";
  EXPECT_EQ(size("P1001", "P1005", true), (ReadingSize{1, 5}));
  EXPECT_EQ(size("P1001", "r0", false), (ReadingSize{19, 209}));
  EXPECT_EQ(size("P1001", "r1", false), (ReadingSize{10, 155}));
  EXPECT_EQ(size("P1002", "r0", false), (ReadingSize{0, 0})) << "no lanes";
  EXPECT_EQ(size("r0", "P1002", false), (ReadingSize{1, 2}));
  EXPECT_EQ(size("r0", "r0", false), (ReadingSize{1, 0})) << "there are totals";
  EXPECT_EQ(size("r0", "r0", true), (ReadingSize{19, 209}));
  EXPECT_EQ(size("r0", "XXXXX", true), (ReadingSize{0, 0}));
  EXPECT_EQ(size("XXXXX", "r0", true), (ReadingSize{0, 0}));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto empty,
                               Build(MakeTree({-1}, 0), budget, [](PriceBookBuilder&) {}));
  EXPECT_EQ(empty->EstimateReading(AskFor("r0", "r0", true)), (ReadingSize{0, 0})) << "no ports";
}

TEST(PriceBookEstimateTest, CountsTheFirstOfManyLanesOnly) {
  constexpr int kPorts = 400;
  BookBudget budget(0, 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto book,
                               Build(MakeTree({-1}, kPorts), budget, [](PriceBookBuilder& builder) {
                                 for (int port = 2; port <= kPorts; ++port) {
                                   AddPrices(builder, {1, port}, kFirstDay, 3);
                                   AddPrices(builder, {port, 1}, kFirstDay, 3);
                                 }
                               }));
  const ReadingSize from = book->EstimateReading(AskFor("P1001", "r0", false));
  EXPECT_EQ(from, (ReadingSize{kPorts - 1, 3 * (kPorts - 1)}));
  const ReadingSize to = book->EstimateReading(AskFor("r0", "P1001", false));
  EXPECT_EQ(to, (ReadingSize{kPorts, 3 * kPorts})) << "at most";
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
