#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/location_store.h"
#include "services/query/describe_location.h"

namespace fairway::query {

enum class LocationFilterKind { kAny, kPorts, kRegions };

struct ListLocationsQuery {
  int32_t page_size = 0;
  std::string page_token;
  std::string code_prefix;
  std::string region;  // "": everywhere.
  LocationFilterKind kind = LocationFilterKind::kAny;
};

struct ListLocationsPage {
  std::vector<LocationView> locations;
  std::string next_page_token;
};

// Ports and regions, ascending by code (upper-case letters come first, so ports do). A location
// that is added between two pages shows when it lies behind the first. INVALID_PAGE_TOKEN,
// INVALID_REQUEST, LOCATION_NOT_FOUND (of the region), and the reader's.
absl::StatusOr<ListLocationsPage> ListLocations(LocationReader& locations,
                                                const ListLocationsQuery& query,
                                                const Deadline& deadline);

}  // namespace fairway::query
