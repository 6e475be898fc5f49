#pragma once

#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/price_files/location_file.h"

namespace fairway::cli {

v1::ImportLocationsRequest ImportRequestOf(const price_files::LocationFile& file);

}  // namespace fairway::cli
