#include "libs/domain/location_tree.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
#include "libs/domain/errors.h"

namespace fairway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Port MakePort(PortId id, absl::string_view code, absl::string_view parent) {
  return {.id = id,
          .code = *PortCode::Parse(code),
          .name = std::string(code),
          .parent = std::string(parent)};
}

std::vector<Region> Regions() {
  return {{"world", "World", std::nullopt},
          {"europe", "Europe", "world"},
          {"north_sea", "North Sea", "europe"},
          {"asia", "Asia", "world"},
          {"empty", "Empty", "asia"}};
}

std::vector<Port> Ports() {
  return {MakePort(4, "NLRTM", "north_sea"), MakePort(2, "BEANR", "north_sea"),
          MakePort(3, "ESALG", "europe"), MakePort(1, "CNSHA", "asia")};
}

std::string BuildReason(std::vector<Region> regions, std::vector<Port> ports) {
  return ReasonOf(LocationTree::Build(std::move(regions), std::move(ports)).status());
}

class LocationTreeTest : public ::testing::Test {
 protected:
  LocationTree tree_ = *LocationTree::Build(Regions(), Ports());
};

TEST_F(LocationTreeTest, ARegionMeansEveryPortBelowIt) {
  EXPECT_THAT(*tree_.PortsOf("world"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(*tree_.PortsOf("europe"), ElementsAre(2, 3, 4));
  EXPECT_THAT(*tree_.PortsOf("north_sea"), ElementsAre(2, 4));
  EXPECT_THAT(*tree_.PortsOf("empty"), IsEmpty());
}

TEST_F(LocationTreeTest, APortMeansItself) { EXPECT_THAT(*tree_.PortsOf("ESALG"), ElementsAre(3)); }

TEST_F(LocationTreeTest, AnUnknownLocationIsNotFound) {
  EXPECT_EQ(ReasonOf(tree_.PortsOf("XXXXX").status()), "LOCATION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(tree_.PortsOf("atlantis").status()), "LOCATION_NOT_FOUND");
}

TEST_F(LocationTreeTest, FindsByCodeSlugAndId) {
  EXPECT_EQ(tree_.FindPort("BEANR")->id, 2);
  EXPECT_EQ(tree_.FindPort(PortId{2})->code.view(), "BEANR");
  EXPECT_EQ(tree_.FindPort(PortId{99}), nullptr);
  EXPECT_EQ(tree_.FindRegion("asia")->name, "Asia");
  EXPECT_EQ(tree_.FindRegion("BEANR"), nullptr);
}

TEST_F(LocationTreeTest, TellsTheWayToTheRoot) {
  EXPECT_THAT(tree_.AncestorsOf("NLRTM"), ElementsAre("north_sea", "europe", "world"));
  EXPECT_THAT(tree_.AncestorsOf("world"), IsEmpty());
}

TEST_F(LocationTreeTest, ListsInOrder) {
  EXPECT_EQ(tree_.ports().front().code.view(), "BEANR");
  EXPECT_EQ(tree_.regions().back().slug, "world");
}

TEST(LocationTreeBuildTest, RefusesRegionsThatLieInThemselves) {
  EXPECT_EQ(BuildReason({{"a", "A", "b"}, {"b", "B", "a"}}, {}), "INVALID_LOCATION");
  EXPECT_EQ(BuildReason({{"a", "A", "a"}}, {}), "INVALID_LOCATION");
}

TEST(LocationTreeBuildTest, RefusesUnknownParents) {
  EXPECT_EQ(BuildReason({{"a", "A", "nowhere"}}, {}), "INVALID_LOCATION");
  EXPECT_EQ(BuildReason(Regions(), {MakePort(1, "CNSHA", "nowhere")}), "INVALID_LOCATION");
}

TEST(LocationTreeBuildTest, RefusesRepetitionAndBadSlugs) {
  EXPECT_EQ(BuildReason({{"a", "A", {}}, {"a", "B", {}}}, {}), "INVALID_LOCATION");
  EXPECT_EQ(BuildReason({{"CAPS", "A", {}}}, {}), "INVALID_LOCATION");
  EXPECT_EQ(BuildReason(Regions(), {MakePort(1, "CNSHA", "asia"), MakePort(2, "CNSHA", "asia")}),
            "INVALID_LOCATION");
}

TEST(LocationTreeBuildTest, ADeepChainIsNoCycle) {
  std::vector<Region> regions = {{"r0", "0", std::nullopt}};
  for (int i = 1; i < 500; ++i) {
    regions.push_back({"r" + std::to_string(i), "deep", "r" + std::to_string(i - 1)});
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationTree tree,
                               LocationTree::Build(regions, {MakePort(1, "CNSHA", "r499")}));
  EXPECT_THAT(*tree.PortsOf("r0"), ElementsAre(1));
}

}  // namespace
}  // namespace fairway
