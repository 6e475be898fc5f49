#pragma once

#include <array>
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/sql_dump/catalog.h"
#include "libs/sql_dump/session_settings.h"

namespace fairway::sql_dump {

// A dump may hold several databases, and each of them several schemas with tables of these names.
struct SchemaKey {
  std::string database;
  std::string schema;

  friend auto operator<=>(const SchemaKey&, const SchemaKey&) = default;
};

struct SchemaState {
  std::array<bool, kRoleCount> has_table = {};
  int64_t line = 0;  // Where its first table is.
  // The first statement or row whose effect on its tables is not known here.
  std::optional<absl::Status> obstacle;
};

// What the statements of a dump have done so far. Statements that stand in the way of one schema's
// tables are kept as that schema's obstacle: another one may be wanted.
struct DumpState {
  std::string name;  // Of the dump.
  std::string database;
  SessionSettings settings;
  Catalog catalog;  // Of this database.
  std::map<SchemaKey, SchemaState> schemas;
  int64_t line = 0;                     // Of the statement that is being read.
  int64_t transaction_line = 0;         // Of the BEGIN that was not committed yet.
  std::vector<std::string> savepoints;  // Of that transaction.
  bool stops_on_error = false;          // \set ON_ERROR_STOP on.
  // The first statement that may fail where that is costly.
  std::optional<absl::Status> doubt;
  int64_t row_count = 0;      // Of the three tables of all schemas of this database.
  bool has_cascades = false;  // Changes of other tables may reach these.
  // The first rows of a table nothing is known of, with the columns of prices.
  std::optional<std::pair<TableName, int64_t>> stray_prices;

  // The table that a statement means, or creates. An error, which has no line, when that depends
  // on who restores the dump. No schema when it depends on the schemas that are there.
  absl::StatusOr<TableName> Resolve(const RelationName& relation) const;
  absl::StatusOr<TableName> ResolveNew(const RelationName& relation) const;
  // Notes that a table of these names is there; for roots that are one of the three.
  void NoteTable(const TableName& root);
  // The opposite, and nothing is known of the table any more.
  void ForgetTable(const TableName& name);
  // One of the three that is a partition or child of another table changes with that one.
  void BlockPart(const TableName& name);
  // Keeps the first obstacle of the schema `root` is in.
  void Block(const TableName& root, absl::string_view what, int64_t at_line = 0);
  bool IsBlocked(const TableName& root) const;
  // Whether a statement that fails takes away more than itself: all of its transaction, or, where
  // psql stops at errors, whatever follows.
  bool IsFailureCostly() const { return transaction_line > 0 || stops_on_error; }
  // Notes that the statement may fail. Where that is costly, a statement that follows is refused
  // with this one's line, unless it changes nothing.
  void Doubt();

 private:
  absl::Status CheckUser(const RelationName& relation, const TableName& name) const;
};

// What an unqualified name means is decided by schemas that may be there or not.
absl::Status NoSchemaError(absl::string_view table);

}  // namespace fairway::sql_dump
