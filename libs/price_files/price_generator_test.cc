#include "libs/price_files/price_generator.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway::price_files {
namespace {

using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

TEST(PriceGeneratorTest, IsDeterministicAndVisitsEachLaneOnce) {
  const auto generate = [](const GeneratorOptions& options) {
    std::set<std::pair<std::string, std::string>> lanes;
    std::string all;
    const auto generator = PriceGenerator::Create(options, {"AAAAA", "CCCCC", "BBBBB", "DDDDD"});
    FAIRWAY_EXPECT_OK(generator->Generate([&](const PriceText& price) {
      EXPECT_NE(price.origin, price.destination);
      lanes.emplace(std::string(price.origin), std::string(price.destination));
      absl::StrAppend(&all, price.origin, price.destination, price.day, price.price, "\n");
      return absl::OkStatus();
    }));
    EXPECT_EQ(lanes.size(), options.lanes);
    return all;
  };
  EXPECT_EQ(generate({.lanes = 12, .days = 10}), generate({.lanes = 12, .days = 10}));
  EXPECT_NE(generate({.lanes = 12, .days = 10}), generate({.lanes = 12, .days = 10, .seed = 2}));
  for (int lanes = 1; lanes <= 12; ++lanes) generate({.lanes = lanes, .days = 30});
  EXPECT_THAT(PriceGenerator::Create({.lanes = 13}, {"AAAAA", "CCCCC", "BBBBB", "DDDDD"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("4 ports make only 12")));
}

TEST(PriceGeneratorTest, TheOrderOfThePortsMakesNoDifference) {
  const auto generate = [](std::vector<std::string> ports) {
    std::string all;
    const auto generator = PriceGenerator::Create({.lanes = 4, .days = 5}, std::move(ports));
    FAIRWAY_EXPECT_OK(generator->Generate([&](const PriceText& price) {
      absl::StrAppend(&all, price.origin, price.destination, price.day, price.price, "\n");
      return absl::OkStatus();
    }));
    return all;
  };
  EXPECT_EQ(generate({"AAAAA", "BBBBB", "CCCCC"}), generate({"CCCCC", "AAAAA", "BBBBB"}));
}

}  // namespace
}  // namespace fairway::price_files
