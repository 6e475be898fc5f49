#include "services/ingest/parse_locations.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/testing/field_violations.h"

namespace fairway::ingest {
namespace {

using ::testing::ElementsAre;

v1::ImportLocationsRequest OneRegion(const std::string& slug, const std::string& name) {
  v1::ImportLocationsRequest request;
  request.add_regions()->set_slug(slug);
  request.mutable_regions(0)->set_name(name);
  return request;
}

std::string ReasonOfImport(const v1::ImportLocationsRequest& request) {
  return ReasonOf(ParseImportLocationsRequest(request).status());
}

TEST(ParseLocationsTest, ReadsEachField) {
  v1::ImportLocationsRequest request = OneRegion("world", "World");
  v1::Region& asia = *request.add_regions();
  asia.set_slug("asia");
  asia.set_name("Asia");
  asia.set_parent("world");
  v1::Port& port = *request.add_ports();
  port.set_code("CNSHA");
  port.set_name("Shanghai");
  port.set_parent("asia");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationChanges changes, ParseImportLocationsRequest(request));
  EXPECT_THAT(changes.regions,
              ElementsAre(Region{"world", "World", std::nullopt}, Region{"asia", "Asia", "world"}));
  EXPECT_THAT(
      changes.ports,
      ElementsAre(Port{.code = *PortCode::Parse("CNSHA"), .name = "Shanghai", .parent = "asia"}));
}

TEST(ParseLocationsTest, ChecksNamesAndCounts) {
  EXPECT_EQ(ReasonOfImport({}), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOfImport(OneRegion("world", "")), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOfImport(OneRegion("world", std::string(200, 'x'))), "");
  EXPECT_EQ(ReasonOfImport(OneRegion("world", std::string(201, 'x'))), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOfImport(OneRegion("world", std::string(1, '\0'))), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOfImport(OneRegion("World", "World")), reasons::kInvalidLocation);
  EXPECT_EQ(ReasonOfImport(OneRegion("world", "World")), "");
  v1::ImportLocationsRequest many;
  for (int i = 0; i < limits::kImportLocationsMax; ++i) {
    v1::Region& region = *many.add_regions();
    region.set_slug(absl::StrCat("r", i));
    region.set_name("A region");
  }
  EXPECT_EQ(ReasonOfImport(many), "");
  v1::Port& port = *many.add_ports();
  port.set_code("CNSHA");
  port.set_name("Shanghai");
  EXPECT_EQ(ReasonOfImport(many), reasons::kTooManyLocations) << "both count";
}

TEST(ParseLocationsTest, EveryBadFieldIsReported) {
  v1::ImportLocationsRequest request = OneRegion("World", "");
  request.add_ports()->set_code("CNSHA");
  request.mutable_ports(0)->set_parent("World");
  request.add_ports()->set_code("cnsha");
  request.mutable_ports(1)->set_name(std::string(201, 'x'));
  const absl::Status status = ParseImportLocationsRequest(request).status();
  EXPECT_THAT(FieldsOf(status), ElementsAre("regions[0].slug", "regions[0].name", "ports[0].name",
                                            "ports[1].code", "ports[1].name", "ports[1].parent"));
  EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation);
}

}  // namespace
}  // namespace fairway::ingest
