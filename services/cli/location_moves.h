#pragma once

#include <string>
#include <vector>

#include "fairway/v1/location.pb.h"
#include "fairway/v1/price_ingest_service.pb.h"

namespace fairway::cli {

// "2 ports and 1 region move: NLRTM from north_europe to europe, …; no ports remain in
// north_europe": which of the locations that are held an import puts under another parent, and
// which regions lose all their ports by that. "" when none.
std::string DescribeMoves(const std::vector<v1::Location>& held,
                          const v1::ImportLocationsRequest& request);

}  // namespace fairway::cli
