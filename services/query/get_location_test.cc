#include "services/query/get_location.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "services/query/testing/small_world.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;

class GetLocationTest : public SmallWorldFixture {
 protected:
  absl::StatusOr<LocationView> Get(absl::string_view code) {
    return GetLocation(locations_, LocationCode::Parse("code", code).value(), Soon());
  }
};

TEST_F(GetLocationTest, DescribesPortsAndRegions) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationView port, Get("CNSHA"));
  EXPECT_TRUE(port.is_port);
  EXPECT_THAT(port.ancestors, ElementsAre("asia", "world"));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationView region, Get("world"));
  EXPECT_FALSE(region.is_port);
  EXPECT_EQ(region.port_count, 3);
  EXPECT_EQ(region.parent, "");
}

TEST_F(GetLocationTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(ReasonOf(Get("USLAX").status()), reasons::kLocationNotFound);
  EXPECT_EQ(ReasonOf(Get("atlantis").status()), reasons::kLocationNotFound);
}

}  // namespace
}  // namespace fairway::query
