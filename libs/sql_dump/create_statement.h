#pragma once

#include "absl/status/status.h"

#include "libs/sql_dump/dump_state.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// CREATE …: tables with their columns, parents and partitions; views, triggers, rules and unique
// indexes as far as they change what later rows do. An error is an obstacle to all of the dump; it
// has no line.
absl::Status ApplyCreate(const Statement& statement, DumpState& state);

}  // namespace fairway::sql_dump
