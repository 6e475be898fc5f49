#include "absl/strings/str_cat.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

using ::testing::ElementsAre;

TEST_P(StoreContract, LocationsBeginEmpty) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, locations().ReadTree(Soon()));
  EXPECT_TRUE(tree->regions().empty());
  EXPECT_TRUE(tree->ports().empty());
}

TEST_P(StoreContract, ImportAddsATreeInAnyOrderAsOneVersion) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationImport import, locations().Import(World(), Soon()));
  EXPECT_EQ(import.version.number, 1);
  EXPECT_EQ(import.added_count, 10);
  EXPECT_EQ(import.changed_count + import.unchanged_count, 0);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, locations().ReadTree(Soon()));
  EXPECT_EQ(tree->regions().size(), 5);
  EXPECT_THAT(tree->AncestorsOf("NLRTM"), ElementsAre("north_sea", "europe", "world"));
  EXPECT_EQ(tree->FindPort("NLRTM")->name, "Port of NLRTM");
  EXPECT_GT(tree->FindPort("NLRTM")->id, 0);
}

TEST_P(StoreContract, ImportAgainChangesNothingAndMakesNoVersion) {
  ImportWorld();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationImport import, locations().Import(World(), Soon()));
  EXPECT_EQ(import.version.number, 1);
  EXPECT_EQ(import.unchanged_count, 10);
  EXPECT_EQ(import.added_count + import.changed_count, 0);
}

TEST_P(StoreContract, ImportChangesNamesAndParentsAndKeepsIds) {
  ImportWorld();
  const PortId rotterdam = IdOf("NLRTM");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const LocationImport import,
      locations().Import({.regions = {{"asia", "Far East", "world"}},
                          .ports = {MakePort("NLRTM", "europe"), MakePort("CNSHA", "asia"),
                                    MakePort("JPTYO", "asia")}},
                         Soon()));
  EXPECT_EQ(import.version.number, 2);
  EXPECT_EQ(import.added_count, 1);
  EXPECT_EQ(import.changed_count, 2);
  EXPECT_EQ(import.unchanged_count, 1);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, locations().ReadTree(Soon()));
  EXPECT_EQ(tree->FindRegion("asia")->name, "Far East");
  EXPECT_EQ(tree->FindPort("NLRTM")->parent, "europe");
  EXPECT_EQ(tree->FindPort("NLRTM")->id, rotterdam);
}

TEST_P(StoreContract, ARegionMayBecomeARootAndAPortBeRenamed) {
  ImportWorld();
  Port renamed = MakePort("NLRTM", "north_sea");
  renamed.name = "Rotterdam";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationImport import,
                               locations().Import({.regions = {{"europe", "Europe", std::nullopt},
                                                               {"empty", "Nothing here", "europe"}},
                                                   .ports = {renamed}},
                                                  Soon()));
  EXPECT_EQ(import.changed_count, 3);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, locations().ReadTree(Soon()));
  EXPECT_EQ(tree->FindRegion("europe")->parent, std::nullopt);
  EXPECT_EQ(tree->FindRegion("empty")->parent, "europe");
  EXPECT_THAT(tree->AncestorsOf("NLRTM"), ElementsAre("north_sea", "europe"));
  EXPECT_EQ(tree->FindPort("NLRTM")->name, "Rotterdam");
  EXPECT_EQ(tree->version(), import.version);
}

TEST_P(StoreContract, NamesStayAsTheyAreWritten) {
  const std::string name = "São \"Paulo\" \\ {a,b} 'c' 上海, NULL";
  FAIRWAY_ASSERT_OK(locations().Import(
      {.regions = {{"world", name, std::nullopt}},
       .ports = {{.code = *PortCode::Parse("BRSSZ"), .name = name, .parent = "world"}}},
      Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, locations().ReadTree(Soon()));
  EXPECT_EQ(tree->FindRegion("world")->name, name);
  EXPECT_EQ(tree->FindRegion("world")->parent, std::nullopt);
  EXPECT_EQ(tree->FindPort("BRSSZ")->name, name);
}

TEST_P(StoreContract, ImportRefusesATreeThatDoesNotHoldTogether) {
  ImportWorld();
  const auto reason = [&](const LocationChanges& changes) {
    return ReasonOf(locations().Import(changes, Soon()).status());
  };
  EXPECT_EQ(reason({.ports = {MakePort("JPTYO", "nowhere")}}), reasons::kInvalidLocation);
  EXPECT_EQ(reason({.ports = {MakePort("JPTYO", "asia"), MakePort("JPTYO", "asia")}}),
            reasons::kInvalidLocation);
  EXPECT_EQ(reason({.regions = {{"world", "World", "north_sea"}}}), reasons::kInvalidLocation)
      << "cycle";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, locations().ReadTree(Soon()));
  EXPECT_EQ(tree->FindPort("JPTYO"), nullptr);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary dataset, rates().ReadDataset(Soon()));
  EXPECT_EQ(dataset.newest_version.number, 1);
}

TEST_P(StoreContract, ImportRefusesATreeBeyondItsLevels) {
  LocationChanges chain = {.regions = {{"r1", "1", std::nullopt}}};
  for (int level = 2; level <= limits::kRegionLevelsMax; ++level) {
    chain.regions.push_back({absl::StrCat("r", level), "deep", absl::StrCat("r", level - 1)});
  }
  FAIRWAY_ASSERT_OK(locations().Import(chain, Soon()));
  const absl::Status status =
      locations().Import({.regions = {{"r33", "deeper", "r32"}}}, Soon()).status();
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("\"r33\""));
  EXPECT_EQ(ReasonOf(locations()
                         .Import({.regions = {{"r0", "above", {}}, {"r1", "1", "r0"}}}, Soon())
                         .status()),
            reasons::kInvalidLocation)
      << "deeper from above";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto tree, locations().ReadTree(Soon()));
  EXPECT_EQ(tree->regions().size(), limits::kRegionLevelsMax);
}

TEST_P(StoreContract, TheTreeIsSharedWhileItDoesNotChange) {
  ImportWorld();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto first, locations().ReadTree(Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto second, locations().ReadTree(Soon()));
  EXPECT_EQ(first, second);
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("JPTYO", "asia")}}, Soon()));
  EXPECT_EQ(first->FindPort("JPTYO"), nullptr);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto third, locations().ReadTree(Soon()));
  EXPECT_NE(third->FindPort("JPTYO"), nullptr);
}

}  // namespace
}  // namespace fairway::testing
