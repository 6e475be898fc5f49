#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "libs/sql_dump/statement.h"

namespace fairway::sql_dump {

// The three tables of the reference schema.
enum class Role { kPorts, kRegions, kPrices };
inline constexpr size_t kRoleCount = 3;

std::optional<Role> RoleOfTable(absl::string_view table);
// "prices"
absl::string_view NameOfRole(Role role);
// The columns that are read of it, in the order the reference schema has them.
const std::vector<std::string>& ColumnsOfRole(Role role);

struct TableName {
  std::string schema;
  std::string table;

  friend auto operator<=>(const TableName&, const TableName&) = default;
  std::string ToString() const { return schema + "." + table; }
};

// Behind a type that rounds to tens or hundreds.
inline constexpr char kRoundingMark = '-';

struct Column {
  std::string name;
  std::string type;  // Its first words, "timestamp with time zone"; "" when unknown.
};

struct Table {
  std::vector<Column> columns;      // Empty when no CREATE TABLE was seen.
  std::optional<TableName> parent;  // Of a partition, or by INHERITS.
  bool is_created = false;
  bool is_view = false;
  bool has_trigger = false;  // Or a rule: rows may end elsewhere.
  bool has_unique = false;   // ON CONFLICT may leave rows out.
  int64_t row_count = 0;
  int64_t line = 0;  // Where it was first named.
};

// What a database of the dump holds so far.
class Catalog {
 public:
  // The table that a name means; by the search path where it names no schema.
  TableName Resolve(const RelationName& name, const std::vector<std::string>& search_path) const;
  // Where a new table of this name goes. No schema when that depends on whether one is there.
  TableName ResolveNew(const RelationName& name, const std::vector<std::string>& search_path) const;

  // A table of the same name in another schema.
  std::optional<TableName> FindNamesake(const TableName& name) const;

  // Null when nothing was said of it.
  const Table* Find(const TableName& name) const;
  Table& At(const TableName& name) { return tables_[name]; }
  void Forget(const TableName& name) { tables_.erase(name); }
  void SetTrigger(const TableName& name);
  void SetUnique(const TableName& name);
  void AddSchema(const std::string& schema) { schemas_.insert(schema); }
  // The names of a schema's tables.
  std::vector<TableName> TablesOf(absl::string_view schema) const;

  // The table whose rows these are: its uppermost parent, or itself.
  TableName RootOf(const TableName& name) const;
  std::optional<Role> RoleOf(const TableName& name) const;
  // Of the whole family of a root: rows go from one to the other.
  int64_t RowsBelow(const TableName& root) const;
  bool HasTriggerBelow(const TableName& root) const;
  bool HasUniqueBelow(const TableName& root) const;
  // Columns by position: as created, or as inherited, or as the reference schema has them.
  std::vector<Column> ColumnsOf(const TableName& name) const;

 private:
  bool HasBelow(const TableName& root, bool Table::*flag) const;

  std::map<TableName, Table> tables_;
  std::set<std::string> schemas_ = {"public"};
  // Whether any table has one: most dumps have none while rows come, and each row may ask.
  bool has_triggers_ = false;
  bool has_uniques_ = false;
};

}  // namespace fairway::sql_dump
