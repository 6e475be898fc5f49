#pragma once

#include "libs/sql_dump/dump_state.h"
#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// Whether a statement that is about to be applied may fail, as far as the dump shows. Objects are
// taken to be there, constraints to hold and rights to suffice, as where the dump was made; that
// leaves what is computed, what PostgreSQL refuses in a transaction, and what contradicts the dump.
// The values of an INSERT are not looked at.
bool MayFail(const Statement& statement, const DumpState& state);

}  // namespace fairway::sql_dump
