#pragma once

#include "absl/status/status.h"

#include "libs/sql_dump/dump_state.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// DELETE, UPDATE, TRUNCATE, MERGE and DROP: nothing while the tables have no rows yet, an obstacle
// to their schema afterwards. An error is an obstacle to all of the dump; it has no line.
absl::Status ApplyChange(const Statement& statement, DumpState& state);
absl::Status ApplyDrop(const Statement& statement, DumpState& state);

// INSERT, COPY and the like: an error when they may also change rows of other tables, by a view, a
// trigger or a rule. What the table is called does not matter: v.prices may be a view of
// public.prices.
absl::Status CheckChangesNoOther(const TableName& name, const DumpState& state);

}  // namespace fairway::sql_dump
