#include "services/ingest/import_locations.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/clock.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/storage/testing/memory_location_store.h"

namespace fairway::ingest {
namespace {

TEST(ImportLocationsTest, AddsAndChangesOrRefusesAll) {
  const SystemClock clock;
  testing::MemoryDataset dataset(&clock);
  testing::MemoryLocationStore locations(&dataset);
  const absl::Time soon = absl::Now() + absl::Seconds(60);
  LocationChanges changes = {
      .regions = {{"world", "World", std::nullopt}},
      .ports = {{.code = *PortCode::Parse("CNSHA"), .name = "Shanghai", .parent = "world"}}};
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationImport first,
                               ImportLocations(locations, changes, soon));
  EXPECT_EQ(first.added_count, 2);
  changes.ports[0].name = "Shanghai, old port";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationImport second,
                               ImportLocations(locations, changes, soon));
  EXPECT_EQ(second.changed_count, 1);
  EXPECT_EQ(second.unchanged_count, 1);
  changes.ports[0].parent = "atlantis";
  EXPECT_EQ(ReasonOf(ImportLocations(locations, changes, soon).status()),
            reasons::kInvalidLocation);
}

}  // namespace
}  // namespace fairway::ingest
