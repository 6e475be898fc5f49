#pragma once

#include "absl/status/statusor.h"

#include "libs/sql_dump/dump_content.h"

namespace fairway::sql_dump {

// A row of prices as a price that can be stored. The error has no line.
absl::Status ReadPriceRow(const DumpRow& row, DumpPrice& price);

}  // namespace fairway::sql_dump
