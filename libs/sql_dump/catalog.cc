#include "libs/sql_dump/catalog.h"

#include <algorithm>

namespace fairway::sql_dump {
namespace {

constexpr int kParentsMax = 32;

}  // namespace

std::optional<Role> RoleOfTable(absl::string_view table) {
  if (table == "ports") return Role::kPorts;
  if (table == "regions") return Role::kRegions;
  if (table == "prices") return Role::kPrices;
  return std::nullopt;
}

absl::string_view NameOfRole(Role role) {
  constexpr std::array<absl::string_view, kRoleCount> kNames = {"ports", "regions", "prices"};
  return kNames[static_cast<size_t>(role)];
}

const std::vector<std::string>& ColumnsOfRole(Role role) {
  static const std::array<std::vector<std::string>, kRoleCount> kColumns = {{
      {"code", "name", "parent_slug"},
      {"slug", "name", "parent_slug"},
      {"orig_code", "dest_code", "day", "price"},
  }};
  return kColumns[static_cast<size_t>(role)];
}

TableName Catalog::Resolve(const RelationName& name,
                           const std::vector<std::string>& search_path) const {
  if (!name.schema.empty()) return {name.schema, name.table};
  for (const std::string& schema : search_path) {
    if (tables_.contains({schema, name.table})) return {schema, name.table};
  }
  return ResolveNew(name, search_path);
}

TableName Catalog::ResolveNew(const RelationName& name,
                              const std::vector<std::string>& search_path) const {
  if (!name.schema.empty()) return {name.schema, name.table};
  const bool is_clear =
      search_path.size() == 1 || (!search_path.empty() && schemas_.contains(search_path.front()));
  return {is_clear ? search_path.front() : "", name.table};
}

std::optional<TableName> Catalog::FindNamesake(const TableName& name) const {
  for (const auto& [other, table] : tables_) {
    const bool is_elsewhere = !other.schema.empty() && other.schema != name.schema;
    if (is_elsewhere && other.table == name.table) return other;
  }
  return std::nullopt;
}

void Catalog::SetTrigger(const TableName& name) {
  At(name).has_trigger = true;
  has_triggers_ = true;
}

void Catalog::SetUnique(const TableName& name) {
  At(name).has_unique = true;
  has_uniques_ = true;
}

const Table* Catalog::Find(const TableName& name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : &found->second;
}

std::vector<TableName> Catalog::TablesOf(absl::string_view schema) const {
  std::vector<TableName> names;
  for (const auto& [name, table] : tables_) {
    if (name.schema == schema) names.push_back(name);
  }
  return names;
}

TableName Catalog::RootOf(const TableName& name) const {
  TableName root = name;
  for (int i = 0; i < kParentsMax; ++i) {
    const Table* table = Find(root);
    if (table == nullptr || !table->parent) break;
    root = *table->parent;
  }
  return root;
}

std::optional<Role> Catalog::RoleOf(const TableName& name) const {
  return RoleOfTable(RootOf(name).table);
}

int64_t Catalog::RowsBelow(const TableName& root) const {
  int64_t count = 0;
  for (const auto& [name, table] : tables_) {
    if (table.row_count > 0 && RootOf(name) == root) count += table.row_count;
  }
  return count;
}

bool Catalog::HasBelow(const TableName& root, bool Table::*flag) const {
  return std::any_of(tables_.begin(), tables_.end(), [&](const auto& entry) {
    return entry.second.*flag && RootOf(entry.first) == root;
  });
}

bool Catalog::HasTriggerBelow(const TableName& root) const {
  return has_triggers_ && HasBelow(root, &Table::has_trigger);
}

bool Catalog::HasUniqueBelow(const TableName& root) const {
  return has_uniques_ && HasBelow(root, &Table::has_unique);
}

std::vector<Column> Catalog::ColumnsOf(const TableName& name) const {
  TableName owner = name;
  for (int i = 0; i < kParentsMax; ++i) {
    const Table* table = Find(owner);
    if (table == nullptr) break;
    if (!table->columns.empty()) return table->columns;
    if (!table->parent) break;
    owner = *table->parent;
  }
  std::vector<Column> columns;
  if (const std::optional<Role> role = RoleOf(name)) {
    for (const std::string& column : ColumnsOfRole(*role)) columns.push_back({.name = column});
  }
  return columns;
}

}  // namespace fairway::sql_dump
