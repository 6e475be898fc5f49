#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// What the first line of a file of CSV says of the others.
struct CsvHeading {
  char separator = ',';
  std::vector<size_t> columns;  // Where the wanted ones stand.
  size_t width = 0;             // Up to the last one that has a name.
  size_t all_width = 0;         // With those behind it that have none.
  std::vector<size_t> unnamed;  // Those between others that have none.
};

// Finds the wanted columns, in any order, among any others; letters may be small or capital. The
// separator is the one of comma, semicolon, tab and | that makes them out, unless it is known.
// INVALID_ARGUMENT says which is missing, or is there twice.
absl::StatusOr<CsvHeading> ReadCsvHeading(absl::string_view heading,
                                          const std::vector<std::string>& wanted,
                                          std::optional<char> separator);

// "sep=;", as Excel writes it before the heading. None when the line says something else;
// INVALID_ARGUMENT when it names a separator that cannot be one.
absl::StatusOr<std::optional<char>> ReadSeparatorLine(absl::string_view line);

}  // namespace fairway::cli
