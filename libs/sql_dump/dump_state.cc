#include "libs/sql_dump/dump_state.h"

#include "libs/sql_dump/dump_error.h"

namespace fairway::sql_dump {

void DumpState::NoteTable(const TableName& root) {
  const std::optional<Role> role = RoleOfTable(root.table);
  if (!role) return;
  SchemaState& schema = schemas[{database, root.schema}];
  if (schema.line == 0) schema.line = line;
  schema.has_table[static_cast<size_t>(*role)] = true;
}

void DumpState::Block(const TableName& root, absl::string_view what, int64_t at_line) {
  SchemaState& schema = schemas[{database, root.schema}];
  if (!schema.obstacle) schema.obstacle = DumpError(name, at_line > 0 ? at_line : line, what);
}

bool DumpState::IsBlocked(const TableName& root) const {
  const auto found = schemas.find({database, root.schema});
  return found != schemas.end() && found->second.obstacle;
}

}  // namespace fairway::sql_dump
