#include "libs/book/pair_table.h"

#include <random>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;

using Table = PairTable<int32_t>;

Table::Row RowOf(const std::set<int32_t>& seconds) {
  Table::Row row;
  for (const int32_t second : seconds) row.push_back({second, std::make_shared<int32_t>(second)});
  return row;
}

std::vector<int32_t> Common(const std::set<int32_t>& row, const std::set<int32_t>& wanted) {
  std::vector<int32_t> found;
  FAIRWAY_EXPECT_OK(Table::VisitIn(RowOf(row), std::vector<int32_t>(wanted.begin(), wanted.end()),
                                   [&](int32_t value) {
                                     found.push_back(value);
                                     return absl::OkStatus();
                                   }));
  return found;
}

TEST(PairTableTest, VisitsWhatIsWantedInOrder) {
  EXPECT_THAT(Common({1, 3, 5, 7}, {0, 3, 4, 7, 9}), ElementsAre(3, 7));
  EXPECT_THAT(Common({}, {1}), ElementsAre());
  EXPECT_THAT(Common({1}, {}), ElementsAre());
  EXPECT_THAT(Common({5}, {6}), ElementsAre());
}

TEST(PairTableTest, VisitsWhatRowAndWantedHaveInCommon) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto any = [&](size_t most, int32_t end) {
    std::set<int32_t> numbers;
    for (size_t i = random() % (most + 1); i > 0; --i) {
      numbers.insert(static_cast<int32_t>(random() % static_cast<uint32_t>(end)));
    }
    return numbers;
  };
  for (int round = 0; round < 2'000; ++round) {
    const std::set<int32_t> row = any(round % 2 == 0 ? 300 : 5, 400);
    const std::set<int32_t> wanted = any(round % 3 == 0 ? 300 : 5, 400);
    std::vector<int32_t> expected;
    std::set_intersection(row.begin(), row.end(), wanted.begin(), wanted.end(),
                          std::back_inserter(expected));
    ASSERT_EQ(Common(row, wanted), expected);
  }
}

TEST(PairTableTest, TheFirstErrorEndsAVisit) {
  int visited = 0;
  EXPECT_THAT(Table::VisitIn(RowOf({1, 2, 3}), {1, 2, 3},
                             [&](int32_t) {
                               return ++visited == 2 ? absl::CancelledError("enough")
                                                     : absl::OkStatus();
                             }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(visited, 2);
}

}  // namespace
}  // namespace fairway
