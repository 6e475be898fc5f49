#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::price_files {

// The layout that the heading of a CSV file declares.
struct CsvHeading {
  char separator = ',';
  std::vector<size_t> columns;  // Positions of the wanted columns, in the order wanted.
  size_t width = 0;             // Up to the last named column.
  size_t all_width = 0;         // Including unnamed columns at the end.
  std::vector<size_t> unnamed;  // Unnamed columns between named ones.
};

// Finds the wanted columns, in any order and among any others; case does not matter. Unless the
// separator is given, it is the one of comma, semicolon, tab and | that yields the most wanted
// columns. INVALID_ARGUMENT when a wanted column is missing or named twice.
absl::StatusOr<CsvHeading> ParseCsvHeading(absl::string_view heading,
                                           const std::vector<std::string>& wanted,
                                           std::optional<char> separator);

// The separator of a line "sep=;", which Excel writes before the heading; nullopt for any other
// line. INVALID_ARGUMENT for an unsupported separator.
absl::StatusOr<std::optional<char>> ParseSeparatorLine(absl::string_view line);

}  // namespace fairway::price_files
