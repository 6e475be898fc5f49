#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/sql_dump/dump_row.h"
#include "libs/sql_dump/dump_state.h"

namespace fairway::sql_dump {

// Where the rows of a COPY block or an INSERT go, and where in them the wanted columns stand.
class RowTarget {
 public:
  // `columns`: the list that the statement has, or nothing when it has none. What is wrong with it
  // becomes an obstacle of the schema, or an error where it may reach the three tables otherwise.
  static absl::StatusOr<RowTarget> Find(const RelationName& relation,
                                        const std::optional<std::vector<std::string>>& columns,
                                        DumpState& state);

  // Whether the rows are wanted: of one of the three tables, and no obstacle found so far.
  bool is_wanted() const { return role_ && !state_->IsBlocked(root_); }
  size_t column_count() const { return column_count_; }
  // Whether the column at this position of the statement is read.
  bool IsWantedColumn(size_t position) const;
  const TableName& root() const { return root_; }

  // An obstacle, unless the rows are of no interest.
  void Block(absl::string_view what, int64_t line = 0);
  void CountUnread() { ++table_->row_count; }
  // Counts a row whose fields are in the order of the statement, and presents it.
  void Present(const std::vector<Field>& fields, int64_t line, DumpRow& row);

 private:
  void Place(const std::vector<std::string>& names, const std::vector<Column>& columns);
  void NoteStray(const std::optional<std::vector<std::string>>& columns);

  DumpState* state_ = nullptr;
  Table* table_ = nullptr;
  TableName name_;
  TableName root_;
  SchemaKey schema_;
  std::optional<Role> role_;
  size_t column_count_ = 0;
  std::array<size_t, DumpRow::kFieldsMax> positions_ = {};
  std::array<std::string, DumpRow::kFieldsMax> types_;
};

}  // namespace fairway::sql_dump
