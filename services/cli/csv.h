#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// Splits a line of CSV (RFC 4180, but for line breaks inside quotes) into `fields`, whose memory is
// used again. False when a quote is not closed.
bool SplitCsv(absl::string_view line, std::vector<std::string>& fields);

// The text as a field of CSV, quoted where it must be.
std::string CsvField(absl::string_view text);

// Where the columns a program wants stand in a file, by the file's own heading: any order, and more
// columns are no harm. INVALID_ARGUMENT names what is missing.
absl::StatusOr<std::vector<size_t>> FindColumns(absl::string_view heading,
                                                const std::vector<std::string>& wanted);

}  // namespace fairway::cli
