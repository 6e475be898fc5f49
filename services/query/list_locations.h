#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/domain/limits.h"
#include "libs/storage/location_store.h"
#include "services/query/describe_location.h"

namespace fairway::query {

enum class LocationFilterKind { kAny, kPorts, kRegions };

struct LocationListRequest {
  int page_size = limits::kPageSizeDefault;
  std::string after;  // The code that the page follows; "": the first page.
  std::string code_prefix;
  std::string region;  // "": everywhere.
  LocationFilterKind kind = LocationFilterKind::kAny;
};

// What the page tokens of a request are bound to: its filters.
std::string PageScopeOf(const LocationListRequest& request);

struct ListLocationsPage {
  std::vector<LocationView> locations;
  std::string next_page_token;
};

// Ports and regions, ascending by code (upper-case letters come first, so ports do). A location
// that is added between two pages shows when it follows the first. LOCATION_NOT_FOUND (of the
// region), and the reader's errors.
absl::StatusOr<ListLocationsPage> ListLocations(LocationReader& locations,
                                                const LocationListRequest& request,
                                                const Deadline& deadline);

}  // namespace fairway::query
