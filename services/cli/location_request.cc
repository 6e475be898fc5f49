#include "services/cli/location_request.h"

namespace fairway::cli {

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
