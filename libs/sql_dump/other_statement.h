#pragma once

#include "absl/status/status.h"

#include "libs/sql_dump/dump_state.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// Every statement but COPY and INSERT. An error is an obstacle to all of the dump, such as a
// statement that is not known to leave the tables alone; it has no line.
absl::Status ApplyStatement(const Statement& statement, DumpState& state);

// Whether a statement that begins so leaves every table as it is, and ends no transaction.
bool ChangesNothing(const Token& verb);

// A command for psql, behind its backslash.
absl::Status ApplyMetaCommand(const Token& token, DumpState& state);

}  // namespace fairway::sql_dump
