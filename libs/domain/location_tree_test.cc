#include "libs/domain/location_tree.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/testing/field_violations.h"

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
  EXPECT_EQ(ReasonOf(tree_.PortsOf("XXXXX").status()), reasons::kLocationNotFound);
  EXPECT_EQ(ReasonOf(tree_.PortsOf("atlantis").status()), reasons::kLocationNotFound);
}

TEST_F(LocationTreeTest, FindsByCodeSlugAndId) {
  EXPECT_EQ(tree_.FindPort("BEANR")->id, 2);
  EXPECT_EQ(tree_.FindPort(PortId{2})->code.view(), "BEANR");
  EXPECT_EQ(tree_.FindPort(PortId{99}), nullptr);
  EXPECT_EQ(tree_.FindRegion("asia")->name, "Asia");
  EXPECT_EQ(tree_.FindRegion("BEANR"), nullptr);
}

TEST_F(LocationTreeTest, PortsThatAreNotStoredYetHaveNoNumber) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const LocationTree tree,
      LocationTree::Build(Regions(), {MakePort(0, "CNSHA", "asia"), MakePort(0, "CNGGZ", "asia")}));
  EXPECT_EQ(tree.FindPort(PortId{0}), nullptr);
  EXPECT_EQ(tree.RegionOfPort(0), std::nullopt);
}

TEST_F(LocationTreeTest, HasItsVersion) {
  EXPECT_EQ(LocationTree::Build({}, {}, {7, 70})->version(), (VersionId{7, 70}));
}

TEST_F(LocationTreeTest, TakesMemoryForAllItHolds) {
  const auto bytes_after = [](auto change) {
    std::vector<Region> regions = Regions();
    std::vector<Port> ports = Ports();
    change(regions, ports);
    return LocationTree::Build(regions, ports)->byte_count();
  };
  const int64_t bytes = tree_.byte_count();
  EXPECT_EQ(bytes_after([](auto&, auto&) {}), bytes) << "the same for the same";
  EXPECT_GE(bytes_after([](auto& regions, auto&) { regions[0].name += std::string(100, 'x'); }),
            bytes + 100);
  EXPECT_GE(bytes_after([](auto& regions, auto&) { regions[4].slug += std::string(50, 'x'); }),
            bytes + 50);
  EXPECT_GE(bytes_after([](auto&, auto& ports) { ports[0].name += std::string(100, 'x'); }),
            bytes + 100);
  // ESALG lies in one region less, whose name is a letter shorter.
  EXPECT_EQ(bytes_after([](auto&, auto& ports) { ports[2].parent = "world"; }),
            bytes - static_cast<int64_t>(sizeof(PortId)) - 1);
  EXPECT_GT(bytes_after([](auto&, auto& ports) { ports.push_back(MakePort(9, "JPTYO", "asia")); }),
            bytes + static_cast<int64_t>(sizeof(Port)));
}

TEST_F(LocationTreeTest, ListsTheAncestors) {
  EXPECT_THAT(tree_.AncestorsOf("north_sea"), ElementsAre("europe", "world"));
  EXPECT_THAT(tree_.AncestorsOf("atlantis"), IsEmpty());
  EXPECT_THAT(tree_.AncestorsOf("NLRTM"), ElementsAre("north_sea", "europe", "world"));
  EXPECT_THAT(tree_.AncestorsOf("world"), IsEmpty());
}

TEST_F(LocationTreeTest, ListsInOrder) {
  std::vector<std::string> codes;
  for (const Port& port : tree_.ports()) codes.push_back(port.code.ToString());
  EXPECT_THAT(codes, ElementsAre("BEANR", "CNSHA", "ESALG", "NLRTM"));
  EXPECT_EQ(tree_.regions().back().slug, "world");
}

TEST(LocationTreeBuildTest, RefusesRegionsThatLieInThemselves) {
  EXPECT_EQ(BuildReason({{"a", "A", "b"}, {"b", "B", "a"}}, {}), reasons::kInvalidLocation);
  EXPECT_EQ(BuildReason({{"a", "A", "a"}}, {}), reasons::kInvalidLocation);
}

std::vector<std::string> BadFields(std::vector<Region> regions, std::vector<Port> ports) {
  return FieldsOf(LocationTree::Build(std::move(regions), std::move(ports)).status());
}

TEST(LocationTreeBuildTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(BadFields({{"a", "A", "a"}}, {}), ElementsAre("regions.parent"));
  EXPECT_THAT(BadFields({{"a", "A", "nowhere"}}, {}), ElementsAre("regions.parent"));
  EXPECT_THAT(BadFields({{"a", "A", {}}, {"a", "B", {}}}, {}), ElementsAre("regions.slug"));
  EXPECT_THAT(BadFields({{"CAPS", "A", {}}}, {}), ElementsAre("regions.slug"));
  EXPECT_THAT(BadFields({}, {MakePort(1, "CNSHA", "nowhere")}), ElementsAre("ports.parent"));
  EXPECT_THAT(BadFields(Regions(), {MakePort(1, "CNSHA", "asia"), MakePort(2, "CNSHA", "asia")}),
              ElementsAre("ports.code"));
}

TEST(LocationTreeBuildTest, RefusesUnknownParents) {
  EXPECT_EQ(BuildReason({{"a", "A", "nowhere"}}, {}), reasons::kInvalidLocation);
  EXPECT_EQ(BuildReason(Regions(), {MakePort(1, "CNSHA", "nowhere")}), reasons::kInvalidLocation);
}

TEST(LocationTreeBuildTest, RefusesRepetitionAndBadSlugs) {
  EXPECT_EQ(BuildReason({{"a", "A", {}}, {"a", "B", {}}}, {}), reasons::kInvalidLocation);
  EXPECT_EQ(BuildReason({{"CAPS", "A", {}}}, {}), reasons::kInvalidLocation);
  EXPECT_EQ(BuildReason(Regions(), {MakePort(1, "CNSHA", "asia"), MakePort(2, "CNSHA", "asia")}),
            reasons::kInvalidLocation);
}

// r0 is the root.
std::vector<Region> Chain(int levels) {
  std::vector<Region> regions = {{"r0", "0", std::nullopt}};
  for (int i = 1; i < levels; ++i) {
    regions.push_back({absl::StrCat("r", i), "deep", absl::StrCat("r", i - 1)});
  }
  return regions;
}

TEST(LocationTreeBuildTest, ATreeHasThirtyTwoLevels) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const LocationTree tree,
      LocationTree::Build(Chain(limits::kRegionLevelsMax), {MakePort(1, "CNSHA", "r31")}));
  EXPECT_THAT(*tree.PortsOf("r0"), ElementsAre(1));
  EXPECT_EQ(tree.AncestorsOf("CNSHA").size(), 32);
}

TEST(LocationTreeBuildTest, TheFirstRegionBeyondTheLevelsIsNamed) {
  for (const int levels : {33, 800, 20'000}) {
    std::vector<Region> regions = Chain(levels);
    for (int rotations = 0; rotations < 3; ++rotations) {
      const absl::Status status = LocationTree::Build(regions, {}).status();
      EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
      EXPECT_THAT(std::string(status.message()),
                  ::testing::HasSubstr("\"r32\": the region lies on level 33"));
      std::rotate(regions.begin(), regions.begin() + levels / 3, regions.end());
    }
  }
}

TEST(LocationTreeBuildTest, TheRegionThatLiesWrongIsInTheMetadata) {
  using ::testing::Pair;
  const auto metadata = [](std::vector<Region> regions) {
    return DetailsOf(LocationTree::Build(std::move(regions), {}).status()).metadata;
  };
  EXPECT_THAT(metadata({{"a", "A", "b"}, {"b", "B", "a"}}), ElementsAre(Pair("location", "a")));
  EXPECT_THAT(metadata(Chain(33)), ElementsAre(Pair("location", "r32")));
}

TEST(LocationTreeBuildTest, ALongCircleIsReportedAsACircle) {
  std::vector<Region> regions = Chain(20'000);
  regions[0].parent = "r19999";
  EXPECT_THAT(std::string(LocationTree::Build(regions, {}).status().message()),
              ::testing::HasSubstr("lies inside itself"));
}

TEST_F(LocationTreeTest, FindsWhatLiesInWhatByNumber) {
  const auto number = [&](absl::string_view slug) { return *tree_.NumberOf(slug); };
  EXPECT_EQ(tree_.RegionOfPort(4), number("north_sea"));
  EXPECT_EQ(tree_.RegionOfPort(99), std::nullopt);
  EXPECT_EQ(tree_.NumberOf("NLRTM"), std::nullopt);
  EXPECT_EQ(tree_.ParentOf(number("north_sea")), number("europe"));
  EXPECT_EQ(tree_.ParentOf(number("world")), std::nullopt);
  EXPECT_TRUE(tree_.LiesIn(number("north_sea"), number("world")));
  EXPECT_TRUE(tree_.LiesIn(number("asia"), number("asia")));
  EXPECT_FALSE(tree_.LiesIn(number("asia"), number("europe")));
}

TEST_F(LocationTreeTest, NamesAreNoPartOfItsShape) {
  std::vector<Region> regions = Regions();
  regions[3].name = "Far East";
  EXPECT_TRUE(tree_.HasShapeOf(*LocationTree::Build(regions, Ports())));
  regions[3].parent = "europe";
  EXPECT_FALSE(tree_.HasShapeOf(*LocationTree::Build(regions, Ports())));
  std::vector<Port> ports = Ports();
  ports[0].parent = "asia";
  EXPECT_FALSE(tree_.HasShapeOf(*LocationTree::Build(Regions(), ports)));
  ports = Ports();
  ports[0].code = *PortCode::Parse("NLRTZ");
  EXPECT_FALSE(tree_.HasShapeOf(*LocationTree::Build(Regions(), ports))) << "of the same place";
  regions = Regions();
  regions[4].slug = "empty_one";
  EXPECT_FALSE(tree_.HasShapeOf(*LocationTree::Build(regions, Ports())));
  regions.pop_back();
  EXPECT_FALSE(tree_.HasShapeOf(*LocationTree::Build(regions, Ports())));
  ports = Ports();
  ports[0].id = 7;
  EXPECT_FALSE(tree_.HasShapeOf(*LocationTree::Build(Regions(), ports)));
}

}  // namespace
}  // namespace fairway
