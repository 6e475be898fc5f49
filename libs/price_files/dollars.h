#pragma once

#include <cstdint>

#include "libs/price_files/csv_fields.h"

namespace fairway::price_files {

enum class DollarsText { kWhole, kMissing, kNotANumber, kTooLarge };

// Reads a price in whole dollars: "1250", "-5"; with one or two zeros as cents, "1250.00" or
// "1250,0"; and, in quotes in a comma-separated file, with groups of thousands, "1,250" or
// "1,250.00". Ambiguous text is not a number: "1.250", and "1,250" in any other place. On the hot
// path: sets `dollars` for kWhole, and makes no status.
DollarsText ReadDollars(const CsvValue& value, char separator, int64_t& dollars);

// Whether two adjacent fields of a comma-separated file may be one unquoted price: "1" and "250",
// or "250 USD".
bool MayBeOnePrice(const CsvValue& price, const CsvValue& next);

}  // namespace fairway::price_files
