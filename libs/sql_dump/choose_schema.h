#pragma once

#include "absl/status/statusor.h"

#include "libs/sql_dump/dump_state.h"

namespace fairway::sql_dump {

// Which schema's tables are meant, of all that a dump has: public's, or those of the one schema
// that has all three. FILE_CONTENT when that is no schema, or when several databases have them.
absl::StatusOr<SchemaKey> ChooseSchema(const DumpState& state);

}  // namespace fairway::sql_dump
