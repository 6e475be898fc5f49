#include "libs/sql_dump/change_statement.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/read_only_query.h"

namespace fairway::sql_dump {
namespace {

absl::Status ChangeTable(const std::string& verb, const TableName& name, DumpState& state) {
  RETURN_IF_ERROR(CheckChangesNoOther(name, state));
  const TableName root = state.catalog.RootOf(name);
  if (!RoleOfTable(root.table)) {
    if (!state.has_cascades) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(verb, " of ", name.ToString(), ", which a foreign key may pass on"));
  }
  const bool has_rows = state.catalog.RowsBelow(root) > 0;
  if (has_rows || verb == "MERGE") {
    state.Block(root, absl::StrCat(verb, " changes rows of ", root.ToString()));
  }
  return absl::OkStatus();
}

void DropTable(const TableName& name, DumpState& state) {
  const TableName root = state.catalog.RootOf(name);
  if (RoleOfTable(root.table) && state.catalog.RowsBelow(root) > 0) {
    state.Block(root, absl::StrCat("DROP TABLE takes rows of ", root.ToString(), " away"));
    return;
  }
  state.ForgetTable(name);
}

}  // namespace

absl::Status CheckChangesNoOther(const TableName& name, const DumpState& state) {
  const Table* table = state.catalog.Find(name);
  const bool is_view = table != nullptr && table->is_view;
  if (!is_view && !state.catalog.HasTriggerBelow(state.catalog.RootOf(name))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("this changes ", name.ToString(),
                   is_view ? ", a view: rows of other tables may change with it"
                           : ", whose triggers or rules may change other tables"));
}

absl::Status ApplyChange(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  const std::string verb = absl::AsciiStrToUpper(cursor.Take().text);
  const bool is_truncate = verb == "TRUNCATE";
  if (is_truncate) cursor.TakeWord("table");
  if (verb == "DELETE") cursor.TakeWord("from");
  if (verb == "MERGE") cursor.TakeWord("into");
  bool is_other = false;
  do {
    cursor.TakeWord("only");
    const std::optional<RelationName> relation = cursor.TakeRelation();
    if (!relation) return absl::InvalidArgumentError(absl::StrCat(verb, " of what is not read"));
    cursor.TakeSymbol('*');
    if (relation->table == "pg_settings") {
      return absl::InvalidArgumentError("settings that are changed as rows are not read");
    }
    ASSIGN_OR_RETURN(const TableName name, state.Resolve(*relation));
    if (!state.catalog.RoleOf(name)) is_other = true;
    RETURN_IF_ERROR(ChangeTable(verb, name, state));
    RETURN_IF_ERROR(CheckFunctions(statement));
  } while (is_truncate && cursor.TakeSymbol(','));
  if (is_truncate && is_other && statement.Has("cascade") && state.row_count > 0) {
    return absl::InvalidArgumentError("TRUNCATE … CASCADE, which may reach the tables");
  }
  return absl::OkStatus();
}

absl::Status ApplyDrop(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  cursor.TakeWord("drop");
  cursor.TakeWord("foreign");
  const std::string kind = cursor.Take().text;
  cursor.TakeWords({"if", "exists"});
  if (kind == "table") {
    do {
      const std::optional<RelationName> relation = cursor.TakeRelation();
      if (!relation) return absl::InvalidArgumentError("DROP TABLE of what is not read");
      ASSIGN_OR_RETURN(const TableName name, state.Resolve(*relation));
      DropTable(name, state);
    } while (cursor.TakeSymbol(','));
    return absl::OkStatus();
  }
  if (kind == "schema") {
    do {
      const std::string schema = cursor.TakeName().value_or("");
      for (const TableName& name : state.catalog.TablesOf(schema)) DropTable(name, state);
    } while (cursor.TakeSymbol(','));
    return absl::OkStatus();
  }
  if (state.row_count > 0 && (kind == "database" || kind == "owned" || statement.Has("cascade"))) {
    return absl::InvalidArgumentError(absl::StrCat("DROP ", absl::AsciiStrToUpper(kind),
                                                   ", which may take columns or rows away"));
  }
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
