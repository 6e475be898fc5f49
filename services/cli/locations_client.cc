#include "services/cli/locations_client.h"

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"
#include "services/cli/shell/pages.h"

namespace fairway::cli {

absl::StatusOr<std::vector<v1::Location>> ListAllLocations(Session& session,
                                                           v1::ListLocationsRequest request) {
  request.set_page_size(limits::kPageSizeMax);
  request.clear_page_token();
  std::vector<v1::Location> locations;
  RETURN_IF_ERROR(ForEachPage(
      session, &QueryStub::ListLocations, request, PageGuard("locations", limits::kLocationsMax),
      &v1::ListLocationsResponse::locations_size, [&](const v1::ListLocationsResponse& page) {
        locations.insert(locations.end(), page.locations().begin(), page.locations().end());
      }));
  return locations;
}

v1::ImportLocationsRequest ImportRequestOf(const price_files::LocationFile& file) {
  v1::ImportLocationsRequest request;
  for (const price_files::LocationText& from : file.regions) {
    v1::Region* region = request.add_regions();
    region->set_slug(from.code);
    region->set_name(from.name);
    region->set_parent(from.parent);
  }
  for (const price_files::LocationText& from : file.ports) {
    v1::Port* port = request.add_ports();
    port->set_code(from.code);
    port->set_name(from.name);
    port->set_parent(from.parent);
  }
  return request;
}

}  // namespace fairway::cli
