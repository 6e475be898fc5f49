#include "libs/sql_dump/dump_state.h"

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/dump_error.h"

namespace fairway::sql_dump {

absl::StatusOr<TableName> DumpState::Resolve(const RelationName& relation) const {
  TableName name = catalog.Resolve(relation, settings.search_path());
  RETURN_IF_ERROR(CheckUser(relation, name));
  return name;
}

absl::StatusOr<TableName> DumpState::ResolveNew(const RelationName& relation) const {
  TableName name = catalog.ResolveNew(relation, settings.search_path());
  RETURN_IF_ERROR(CheckUser(relation, name));
  return name;
}

// Where only one schema has a table of this name, the user's is taken not to be another one.
absl::Status DumpState::CheckUser(const RelationName& relation, const TableName& name) const {
  if (!relation.schema.empty() || !settings.IsUserBefore(name.schema)) return absl::OkStatus();
  const std::optional<TableName> other = catalog.FindNamesake(name);
  if (!other) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("whether this is ", name.ToString(), " or ", other->ToString(),
                   " depends on the user's name: \"$user\" is in the search_path"));
}

void DumpState::NoteTable(const TableName& root) {
  const std::optional<Role> role = RoleOfTable(root.table);
  if (!role) return;
  SchemaState& schema = schemas[{database, root.schema}];
  if (schema.line == 0) schema.line = line;
  schema.has_table[static_cast<size_t>(*role)] = true;
}

void DumpState::ForgetTable(const TableName& name) {
  catalog.Forget(name);
  const std::optional<Role> role = RoleOfTable(name.table);
  const auto schema = schemas.find({database, name.schema});
  if (role && schema != schemas.end()) schema->second.has_table[static_cast<size_t>(*role)] = false;
}

void DumpState::BlockPart(const TableName& name) {
  const TableName root = catalog.RootOf(name);
  if (!RoleOfTable(name.table) || RoleOfTable(root.table)) return;
  NoteTable(name);
  Block(name, absl::StrCat(name.ToString(), " is a part of ", root.ToString(),
                           ": what changes that one is not read"));
}

absl::Status NoSchemaError(absl::string_view table) {
  return absl::InvalidArgumentError(
      absl::StrCat("the search_path does not say which schema ", table, " is in"));
}

void DumpState::Block(const TableName& root, absl::string_view what, int64_t at_line) {
  SchemaState& schema = schemas[{database, root.schema}];
  if (!schema.obstacle) schema.obstacle = DumpError(name, at_line > 0 ? at_line : line, what);
}

void DumpState::Doubt() {
  if (doubt || !IsFailureCostly()) return;
  if (transaction_line > 0) {
    doubt = DumpError(name, line,
                      "whether this succeeds is not known: if it fails, nothing of its transaction "
                      "is stored");
  } else {
    doubt = DumpError(name, line,
                      "whether this succeeds is not known: if it fails, psql reads no further, as "
                      "\\set ON_ERROR_STOP asks for");
  }
}

bool DumpState::IsBlocked(const TableName& root) const {
  const auto found = schemas.find({database, root.schema});
  return found != schemas.end() && found->second.obstacle;
}

}  // namespace fairway::sql_dump
