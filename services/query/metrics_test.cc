#include "services/query/metrics.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/price_book_builder.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class BookMetricsTest : public ::testing::Test {
 protected:
  // The version with the number 7: three prices of two lanes.
  static std::shared_ptr<const PriceBook> MakeBook() {
    const auto port = [](PortId id, absl::string_view code) {
      return Port{.id = id, .code = *PortCode::Parse(code), .name = "A port", .parent = "world"};
    };
    const auto tree = std::make_shared<const LocationTree>(*LocationTree::Build(
        {{"world", "World", std::nullopt}}, {port(1, "CNSHA"), port(2, "NLRTM")}));
    BookBudget budget(0, 0);
    PriceBookBuilder builder(std::make_shared<const PriceBook>(), tree, &budget);
    const std::vector<int32_t> days(2, DayNumber(kDayMin));
    const std::vector<Price> prices(2, 100);
    FAIRWAY_EXPECT_OK(builder.Add({{1, 2}, days, prices}));
    FAIRWAY_EXPECT_OK(builder.Add(
        {{2, 1}, absl::MakeConstSpan(days).first(1), absl::MakeConstSpan(prices).first(1)}));
    return builder.Finish({7, 70}, std::nullopt).value();
  }
  std::map<std::string, double> Values() const {
    std::map<std::string, double> values;
    for (const prometheus::MetricFamily& family : BookMetrics(&held_).Collect()) {
      values[family.name] = family.metric.at(0).gauge.value;
    }
    return values;
  }

  FakeClock clock_;
  HeldBook held_{&clock_};
};

TEST_F(BookMetricsTest, DescribeTheBookThatIsHeld) {
  EXPECT_THAT(Values(), ElementsAre(Pair("fairway_book_over_budget", 0)));
  const auto book = MakeBook();
  held_.Publish(book);
  held_.Confirm({.version = {7, 70}}, clock_.Now());
  clock_.Advance(absl::Seconds(2));
  EXPECT_THAT(Values(),
              ElementsAre(Pair("fairway_book_bytes", static_cast<double>(book->byte_count())),
                          Pair("fairway_book_lag_seconds", 0), Pair("fairway_book_lanes", 2),
                          Pair("fairway_book_over_budget", 0), Pair("fairway_book_prices", 3),
                          Pair("fairway_book_version", 7)));
  clock_.Advance(absl::Seconds(8));
  EXPECT_EQ(Values()["fairway_book_lag_seconds"], 10);
}

TEST_F(BookMetricsTest, WhileTheDatabaseAnswersThereAreNoneOfTheBook) {
  held_.Publish(MakeBook());
  held_.SetOverBudget();
  EXPECT_THAT(Values(), ElementsAre(Pair("fairway_book_over_budget", 1)));
}

}  // namespace
}  // namespace fairway::query
