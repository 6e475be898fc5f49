#include "services/query/get_location.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"

namespace fairway::query {

absl::StatusOr<LocationView> GetLocation(LocationReader& locations, const LocationCode& code,
                                         const Deadline& deadline) {
  ASSIGN_OR_RETURN(const auto tree, locations.ReadTree(deadline));
  if (const Port* port = tree->FindPort(code.text())) return DescribePort(*tree, *port);
  if (const Region* region = tree->FindRegion(code.text())) return DescribeRegion(*tree, *region);
  return LocationNotFoundError(code.text());
}

}  // namespace fairway::query
