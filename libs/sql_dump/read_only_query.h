#pragma once

#include <cstddef>

#include "absl/status/status.h"

#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// An error when a query may change tables: it holds a statement that does, or calls a function that
// is not known to leave them alone. The error has no line.
absl::Status CheckReadOnly(const Statement& statement);

// Only what it calls, from this token on; for statements whose own effect is known.
absl::Status CheckFunctions(const Statement& statement, size_t from = 1);

}  // namespace fairway::sql_dump
