#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

namespace fairway::cli {

// Reads CSV with the columns kind (region or port), code, name and parent. LOCAL_FILE; FILE_CONTENT
// names the line that makes no sense.
absl::StatusOr<v1::ImportLocationsRequest> ReadLocationFile(const std::string& path);

}  // namespace fairway::cli
