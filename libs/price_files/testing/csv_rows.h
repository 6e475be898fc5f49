#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::price_files {

inline constexpr absl::string_view kPricesHeading = "origin,destination,day,price\n";

// The rows of a CSV file of prices as "LINE: ORIGIN DESTINATION DAY PRICE", and " !FIELD REASON
// VALUE" for each error.
absl::StatusOr<std::vector<std::string>> RowsOf(absl::string_view file, size_t block_bytes = 4096);

// The only row of a file with kPricesHeading; an error message if it has none.
std::string RowOf(absl::string_view row);

}  // namespace fairway::price_files
