#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "libs/sql_dump/dump_content.h"

namespace fairway::sql_dump {

// Whether every parent is a region, and the regions are a forest of no more levels than the import
// takes. An error has no line: the line to blame comes with it.
std::pair<absl::Status, int64_t> CheckRegions(const std::vector<DumpLocation>& regions,
                                              const std::vector<DumpLocation>& ports);

}  // namespace fairway::sql_dump
