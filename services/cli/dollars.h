#pragma once

#include <cstdint>

#include "services/cli/csv.h"

namespace fairway::cli {

enum class DollarsText { kWhole, kMissing, kNotANumber, kTooLarge };

// Reads a price. Whole dollars are digits ("1250", "-5"), with one or two zeros behind a point or a
// comma where somebody's program writes cents ("1250.00", "1250,0"), and, between quotes in a file
// whose separator is the comma, in exact groups of thousands ("1,250", "1,250.00"): there the comma
// is no decimal one. Whatever could mean two things is no number: 1.250, and 1,250 elsewhere.
DollarsText ReadDollars(const CsvValue& value, char separator, int64_t& dollars);

// Whether two fields of a file of commas, side by side, may be one price that was written without
// quotes: "1" and "250".
bool MayBeOnePrice(const CsvValue& price, const CsvValue& next);

}  // namespace fairway::cli
