#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/testing/memory_location_store.h"
#include "libs/storage/testing/memory_rate_reader.h"
#include "services/query/rate_request.h"

namespace fairway::query {

inline NamedLane MakeLane(absl::string_view origin, absl::string_view destination) {
  return {LocationCode::Parse("origin", origin).value(),
          LocationCode::Parse("destination", destination).value()};
}

inline RateOptions MakeOptions(absl::string_view first_date, absl::string_view last_date) {
  return {.days = ParseDayRange(first_date, last_date).value()};
}

// CNSHA and CNGGZ in asia, which lies in world, as NLRTM does.
inline LocationChanges SmallWorldLocations() {
  const auto port = [](absl::string_view code, absl::string_view parent) {
    return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = std::string(parent)};
  };
  return {.regions = {{"world", "World", std::nullopt}, {"asia", "Asia", "world"}},
          .ports = {port("CNSHA", "asia"), port("CNGGZ", "asia"), port("NLRTM", "world")}};
}

// Those locations, and no prices, in the memory stores.
class SmallWorldFixture : public ::testing::Test {
 protected:
  SmallWorldFixture() { FAIRWAY_EXPECT_OK(locations_.Import(SmallWorldLocations(), Soon())); }

  const SystemClock clock_;
  testing::MemoryDataset dataset_{&clock_};
  testing::MemoryLocationStore locations_{&dataset_};
  testing::MemoryRateReader rates_{&dataset_};
};

}  // namespace fairway::query
