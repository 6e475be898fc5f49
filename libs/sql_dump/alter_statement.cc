#include "libs/sql_dump/alter_statement.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"

namespace fairway::sql_dump {
namespace {

bool IsNeeded(const std::optional<Role>& role, absl::string_view column) {
  if (!role) return false;
  const std::vector<std::string>& columns = ColumnsOfRole(*role);
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// A part of ALTER TABLE, applied to one table.
class TableAlteration {
 public:
  TableAlteration(TableName name, DumpState& state)
      : name_(std::move(name)),
        root_(state.catalog.RootOf(name_)),
        role_(RoleOfTable(root_.table)),
        state_(state) {}

  absl::Status Apply(Cursor& cursor) {
    if (cursor.TakeWords({"attach", "partition"})) {
      ASSIGN_OR_RETURN(const std::optional<TableName> child, TakeTable(cursor));
      if (child) Attach(*child, name_);
    } else if (cursor.TakeWord("inherit")) {
      ASSIGN_OR_RETURN(const std::optional<TableName> parent, TakeTable(cursor));
      if (parent) Attach(name_, *parent);
    } else if (cursor.TakeWord("add")) {
      Add(cursor);
    } else if (cursor.TakeWord("drop")) {
      Drop(cursor);
    } else if (cursor.TakeWord("alter")) {
      AlterColumn(cursor);
    } else if (cursor.TakeWord("rename")) {
      Rename(cursor);
    } else if (cursor.TakeWords({"set", "schema"})) {
      MoveTo(cursor.TakeName().value_or(""));
    } else if (cursor.TakeWords({"detach", "partition"}) || cursor.TakeWords({"no", "inherit"}) ||
               cursor.Peek().IsWord("of")) {
      Refuse("moves rows");
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::optional<TableName>> TakeTable(Cursor& cursor) const {
    const std::optional<RelationName> relation = cursor.TakeRelation();
    if (!relation) return std::nullopt;
    return state_.Resolve(*relation);
  }

  void Refuse(absl::string_view what) {
    if (role_) state_.Block(root_, absl::StrCat("this changes ", root_.ToString(), ": it ", what));
  }

  void MoveTo(const std::string& schema) {
    Refuse("moves rows");
    if (RoleOfTable(name_.table)) {
      state_.Block({schema, name_.table}, absl::StrCat("this moves rows to the schema ", schema));
    }
  }

  void Attach(const TableName& child, const TableName& parent) {
    const TableName root = state_.catalog.RootOf(parent);
    if (RoleOfTable(root.table) && state_.catalog.RowsBelow(child) > 0) {
      state_.Block(root, absl::StrCat("this adds the rows of ", child.ToString(), " to ",
                                      root.ToString(), ", which were passed over already"));
    }
    state_.catalog.At(child).parent = parent;
    state_.BlockPart(child);
  }

  void Add(Cursor& cursor) {
    for (const char* word : {"constraint", "primary", "unique", "check", "foreign", "exclude"}) {
      if (!cursor.Peek().IsWord(word)) continue;
      while (!cursor.AtEnd() && !cursor.Peek().IsSymbol('(')) {
        const Token& token = cursor.Take();
        if (token.IsWord("primary") || token.IsWord("unique") || token.IsWord("exclude")) {
          state_.catalog.SetUnique(name_);
        }
      }
      return;
    }
    cursor.TakeWord("column");
    if (cursor.TakeWords({"if", "not", "exists"})) Refuse("adds a column, or none");
    Table& table = state_.catalog.At(name_);
    if (const auto column = cursor.TakeName(); column && table.is_created) {
      table.columns.push_back({.name = *column});
    }
  }

  void Drop(Cursor& cursor) {
    if (cursor.TakeWord("constraint")) return;
    cursor.TakeWord("column");
    cursor.TakeWords({"if", "exists"});
    const std::optional<std::string> column = cursor.TakeName();
    if (!column) return;
    if (IsNeeded(role_, *column)) Refuse("drops a column");
    std::vector<Column>& columns = state_.catalog.At(name_).columns;
    std::erase_if(columns, [&](const Column& other) { return other.name == *column; });
  }

  void AlterColumn(Cursor& cursor) {
    if (cursor.TakeWord("constraint")) return;
    cursor.TakeWord("column");
    const std::optional<std::string> column = cursor.TakeName();
    const bool is_type = cursor.TakeWord("type") || cursor.TakeWords({"set", "data", "type"});
    if (is_type && column && IsNeeded(role_, *column)) Refuse("converts a column");
  }

  void Rename(Cursor& cursor) {
    if (cursor.TakeWord("constraint")) return;
    Refuse("renames it or a column");
    if (!cursor.TakeWord("to")) return;
    const std::optional<std::string> name = cursor.TakeName();
    if (name && RoleOfTable(*name)) {
      state_.Block({name_.schema, *name}, absl::StrCat("another table becomes ", *name));
    }
  }

  const TableName name_;
  const TableName root_;
  const std::optional<Role> role_;
  DumpState& state_;
};

absl::Status AlterSchema(Cursor cursor, const DumpState& state) {
  const std::optional<std::string> schema = cursor.TakeName();
  if (!schema || !cursor.TakeWord("rename")) return absl::OkStatus();
  if (!state.schemas.contains({state.database, *schema})) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the schema ", *schema, " is renamed"));
}

absl::Status AlterType(const Statement& statement) {
  if (!statement.Has("rename") || !statement.Has("value")) return absl::OkStatus();
  return absl::InvalidArgumentError("this renames a value, which rows may hold");
}

}  // namespace

absl::Status ApplyAlter(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  cursor.TakeWord("alter");
  if (cursor.TakeWord("schema")) return AlterSchema(cursor, state);
  for (const char* kind : {"database", "role", "user", "system"}) {
    if (cursor.TakeWord(kind)) return state.settings.NoteDefaults(statement);
  }
  if (cursor.TakeWord("type")) return AlterType(statement);
  cursor.TakeWord("foreign");
  if (!cursor.TakeWord("table") || cursor.TakeWords({"all", "in"})) return absl::OkStatus();
  cursor.TakeWords({"if", "exists"});
  cursor.TakeWord("only");
  const std::optional<RelationName> relation = cursor.TakeRelation();
  if (!relation) return absl::InvalidArgumentError("ALTER TABLE with a name that is not read");
  cursor.TakeSymbol('*');
  ASSIGN_OR_RETURN(const TableName name, state.Resolve(*relation));
  if (state.catalog.RoleOf(name) && statement.Has("cascade")) state.has_cascades = true;
  TableAlteration alteration(name, state);
  do {
    RETURN_IF_ERROR(alteration.Apply(cursor));
    cursor.SkipToComma();
  } while (cursor.TakeSymbol(','));
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
