#pragma once

#include "absl/status/status.h"

#include "libs/sql_dump/dump_state.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// ALTER …: partitions and children that are attached, columns that come and go; what else changes
// the three tables is an obstacle. An error is one to all of the dump; it has no line.
absl::Status ApplyAlter(const Statement& statement, DumpState& state);

}  // namespace fairway::sql_dump
