#include "libs/sql_dump/row_target.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/change_statement.h"

namespace fairway::sql_dump {

absl::StatusOr<RowTarget> RowTarget::Find(const RelationName& relation,
                                          const std::optional<std::vector<std::string>>& columns,
                                          DumpState& state) {
  RowTarget target;
  target.state_ = &state;
  ASSIGN_OR_RETURN(target.name_, state.Resolve(relation));
  target.root_ = state.catalog.RootOf(target.name_);
  target.role_ = RoleOfTable(target.root_.table);
  target.table_ = &state.catalog.At(target.name_);
  RETURN_IF_ERROR(CheckChangesNoOther(target.name_, state));
  if (!target.role_) {
    target.NoteStray(columns);
    return target;
  }
  if (target.name_.schema.empty()) {
    return NoSchemaError(relation.table);
  }
  target.schema_ = {state.database, target.root_.schema};
  state.NoteTable(target.root_);
  const std::vector<Column> all = state.catalog.ColumnsOf(target.name_);
  std::vector<std::string> names;
  if (columns) {
    names = *columns;
  } else {
    for (const Column& column : all) names.push_back(column.name);
  }
  target.Place(names, all);
  return target;
}

void RowTarget::Place(const std::vector<std::string>& names, const std::vector<Column>& columns) {
  column_count_ = names.size();
  size_t i = 0;
  for (const std::string& wanted : ColumnsOfRole(*role_)) {
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found == names.end() || std::find(found + 1, names.end(), wanted) != names.end()) {
      Block(absl::StrCat("expected the column ", wanted, " of ", root_.ToString(), ", once"));
      return;
    }
    positions_[i] = static_cast<size_t>(found - names.begin());
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [&](const Column& other) { return other.name == wanted; });
    if (column != columns.end()) types_[i] = column->type;
    ++i;
  }
}

// A partition whose parent is in another file, perhaps.
void RowTarget::NoteStray(const std::optional<std::vector<std::string>>& columns) {
  if (!columns || table_->is_created || state_->stray_prices) return;
  const std::vector<std::string>& wanted = ColumnsOfRole(Role::kPrices);
  const bool has_all = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return std::find(columns->begin(), columns->end(), name) != columns->end();
  });
  if (has_all) state_->stray_prices = {name_, state_->line};
}

bool RowTarget::IsWantedColumn(size_t position) const {
  const auto end = positions_.begin() + static_cast<std::ptrdiff_t>(ColumnsOfRole(*role_).size());
  return std::find(positions_.begin(), end, position) != end;
}

void RowTarget::Block(absl::string_view what, int64_t line) {
  if (role_) state_->Block(root_, what, line);
}

void RowTarget::Present(const std::vector<Field>& fields, int64_t line, DumpRow& row) {
  ++table_->row_count;
  ++state_->row_count;
  row.schema = &schema_;
  row.role = *role_;
  row.line = line;
  for (size_t i = 0; i < ColumnsOfRole(*role_).size(); ++i) {
    row.fields[i] = &fields[positions_[i]];
    row.types[i] = &types_[i];
  }
}

}  // namespace fairway::sql_dump
