#include "services/query/get_location.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/region_slug.h"

namespace fairway::query {

absl::StatusOr<LocationView> GetLocation(LocationReader& locations, absl::string_view code,
                                         const Deadline& deadline) {
  RETURN_IF_ERROR(CheckLocationForm("code", code));
  ASSIGN_OR_RETURN(const auto tree, locations.ReadTree(deadline));
  if (const Port* port = tree->FindPort(code)) return DescribePort(*tree, *port);
  if (const Region* region = tree->FindRegion(code)) return DescribeRegion(*tree, *region);
  return LocationNotFoundError(code);
}

}  // namespace fairway::query
