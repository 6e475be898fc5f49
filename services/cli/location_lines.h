#pragma once

#include <string>

#include "absl/status/status.h"

#include "libs/price_files/location_file.h"

namespace fairway::cli {

// The error of an import of `file`, read from `path`, in terms of its lines: INVALID_ROWS where the
// service refuses regions or ports, which it names by their places in the request. Other errors
// are returned as they are.
absl::Status AtLines(const absl::Status& error, const std::string& path,
                     const price_files::LocationFile& file);

}  // namespace fairway::cli
