#include "libs/storage/merge_locations.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
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

const Region kWorld = {"world", "World", std::nullopt};
const Region kAsia = {"asia", "Asia", "world"};

Port PortOf(absl::string_view code, PortId id = 0, absl::string_view parent = "world") {
  return {
      .id = id, .code = *PortCode::Parse(code), .name = "A port", .parent = std::string(parent)};
}

class MergeLocationsTest : public ::testing::Test {
 protected:
  absl::Status StatusOf(const LocationChanges& changes) const {
    return MergeLocations(stored_, changes).status();
  }

  const StoredLocations stored_ = {.regions = {kWorld, kAsia}, .ports = {PortOf("CNSHA", 5)}};
};

TEST_F(MergeLocationsTest, WritesOnlyWhatIsNewOrDiffers) {
  const Region far_east = {"asia", "Far East", "world"};
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const MergedLocations merged,
      MergeLocations(stored_, {.regions = {kWorld, far_east, {"europe", "Europe", "world"}},
                               .ports = {PortOf("CNSHA", 0, "asia"), PortOf("NLRTM")}}));
  EXPECT_THAT(merged.writes.regions, ElementsAre(far_east, Region{"europe", "Europe", "world"}));
  EXPECT_THAT(merged.writes.ports, ElementsAre(PortOf("CNSHA", 5, "asia"), PortOf("NLRTM")));
  EXPECT_EQ(merged.added_count, 2);
  EXPECT_EQ(merged.changed_count, 2);
  EXPECT_EQ(merged.unchanged_count, 1);
}

TEST_F(MergeLocationsTest, NumbersOfPortsAreTheStoresAlone) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const MergedLocations merged,
      MergeLocations(stored_, {.ports = {PortOf("CNSHA", 9), PortOf("NLRTM", 5)}}));
  EXPECT_EQ(merged.unchanged_count, 1);
  EXPECT_THAT(merged.writes.ports, ElementsAre(PortOf("NLRTM")));
}

TEST_F(MergeLocationsTest, NothingIsGivenTwice) {
  const absl::Status regions =
      StatusOf({.regions = {{"europe", "Europe", "world"}, {"europe", "Europe", "world"}}});
  EXPECT_EQ(ReasonOf(regions), reasons::kInvalidLocation);
  EXPECT_THAT(FieldsOf(regions), ElementsAre("regions[1].slug"));
  const absl::Status ports = StatusOf({.ports = {PortOf("NLRTM"), PortOf("NLRTM")}});
  EXPECT_EQ(ReasonOf(ports), reasons::kInvalidLocation);
  EXPECT_THAT(FieldsOf(ports), ElementsAre("ports[1].code"));
}

// Of what is known, too.
TEST_F(MergeLocationsTest, TheResultMustHoldTogether) {
  EXPECT_THAT(FieldsOf(StatusOf({.ports = {PortOf("CNSHA", 0, "nowhere")}})),
              ElementsAre("ports[0].parent"));
  EXPECT_THAT(FieldsOf(StatusOf({.regions = {kWorld, {"europe", "Europe", "nowhere"}},
                                 .ports = {PortOf("CNSHA"), PortOf("NLRTM", 0, "nowhere")}})),
              ElementsAre("regions[1].parent", "ports[1].parent"));
  EXPECT_THAT(FieldsOf(StatusOf({.regions = {kAsia, {"world", "World", "asia"}}})),
              ElementsAre("regions[0].parent"));
}

// Though the tree names a stored region: asia is the first of the circle, r33 the one too deep.
TEST_F(MergeLocationsTest, TheChangeThatIsToBlameIsNamed) {
  EXPECT_THAT(
      FieldsOf(StatusOf({.regions = {{"europe", "Europe", {}}, {"world", "World", "asia"}}})),
      ElementsAre("regions[1].parent"));
  StoredLocations chain = {.regions = {{"r1", "1", std::nullopt}}};
  for (int level = 2; level <= limits::kRegionLevelsMax; ++level) {
    chain.regions.push_back({absl::StrCat("r", level), "deep", absl::StrCat("r", level - 1)});
  }
  const absl::Status status =
      MergeLocations(chain, {.regions = {kWorld, {"r1", "1", "world"}}}).status();
  EXPECT_THAT(FieldsOf(status), ElementsAre("regions[1].slug"));
  EXPECT_THAT(std::string(status.message()),
              ::testing::HasSubstr("regions[1].slug: \"r32\": the region lies on level 33"));
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
}

// Changes to one region with so many ports.
absl::StatusOr<MergedLocations> MergeInto(int ports, const LocationChanges& changes) {
  StoredLocations stored = {.regions = {kWorld}};
  for (int i = 0; i < ports; ++i) {
    const std::string code = absl::StrCat(absl::Hex(i, absl::kZeroPad5));
    stored.ports.push_back(PortOf(absl::AsciiStrToUpper(code), i + 1));
  }
  return MergeLocations(stored, changes);
}

TEST(MergeLocationsBoundTest, RegionsAndPortsCountTogether) {
  const LocationChanges change = {.regions = {kAsia}};
  FAIRWAY_EXPECT_OK(MergeInto(limits::kLocationsMax - 2, change));
  const absl::Status status = MergeInto(limits::kLocationsMax - 1, change).status();
  EXPECT_EQ(ReasonOf(status), reasons::kTooManyLocations);
  EXPECT_THAT(std::string(status.message()),
              ::testing::HasSubstr(absl::StrCat(limits::kLocationsMax)));
}

}  // namespace
}  // namespace fairway
