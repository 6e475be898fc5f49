#include "libs/sql_dump/create_statement.h"

#include <array>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/read_only_query.h"

namespace fairway::sql_dump {
namespace {

bool IsOneOf(const Token& token, std::initializer_list<const char*> words) {
  for (const char* word : words) {
    if (token.IsWord(word)) return true;
  }
  return false;
}

bool EndsType(const Token& token) {
  return token.kind == TokenKind::kEnd || token.IsSymbol(',') || token.IsSymbol(')') ||
         IsOneOf(token, {"constraint", "not", "null", "default", "generated", "primary", "unique",
                         "check", "references", "collate", "storage", "compression", "options"});
}

// "pg_catalog.int4", "character varying"; with kRoundingMark behind it for numeric(5,-2).
std::string TakeType(Cursor& cursor) {
  std::string type;
  bool has_minus = false;
  while (!EndsType(cursor.Peek())) {
    if (cursor.TakeSymbol('(')) {
      while (!cursor.AtEnd() && !cursor.TakeSymbol(')')) {
        if (cursor.Take().IsSymbol('-')) has_minus = true;
      }
      continue;
    }
    const Token& token = cursor.Take();
    const bool is_joined = type.empty() || token.kind == TokenKind::kSymbol || type.back() == '.';
    absl::StrAppend(&type, is_joined ? "" : " ", token.text);
  }
  if (has_minus) type.push_back(kRoundingMark);
  return type;
}

// "(a text, b integer NOT NULL, CONSTRAINT …)"; `cursor` stands behind the parenthesis.
void TakeColumns(Cursor& cursor, Table& table, bool& has_unknown) {
  do {
    if (cursor.Peek().IsWord("like")) has_unknown = true;
    if (!IsOneOf(cursor.Peek(),
                 {"constraint", "primary", "unique", "check", "foreign", "exclude", "like"})) {
      Column column = {.name = cursor.TakeName().value_or("")};
      column.type = TakeType(cursor);
      if (column.name.empty()) has_unknown = true;
      table.columns.push_back(std::move(column));
    }
    while (!cursor.AtEnd() && !cursor.Peek().IsSymbol(',') && !cursor.Peek().IsSymbol(')')) {
      if (cursor.TakeSymbol('(')) {
        do {
          cursor.SkipToComma();
        } while (cursor.TakeSymbol(','));
      }
      cursor.Take();
    }
  } while (cursor.TakeSymbol(','));
  cursor.TakeSymbol(')');
}

struct TableKind {
  bool is_temporary = false;
  bool is_foreign = false;
  bool is_materialized = false;
};

// The schema of temporary tables: pg_temp, or pg_temp_3.
bool IsTemporary(absl::string_view schema) { return absl::StartsWith(schema, "pg_temp"); }

// It would hide the table of the same name.
absl::Status CheckTemporary(const RelationName& relation) {
  if (!RoleOfTable(relation.table)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("a temporary table called ", relation.table));
}

// What stands between the parentheses and behind them.
absl::Status TakeBody(Cursor& cursor, const DumpState& state, Table& table, bool& has_unknown) {
  if (cursor.TakeWords({"partition", "of"})) {
    const auto parent = cursor.TakeRelation();
    if (!parent) return absl::OkStatus();
    ASSIGN_OR_RETURN(table.parent, state.Resolve(*parent));
    return absl::OkStatus();
  }
  if (!cursor.TakeSymbol('(')) {  // AS SELECT, OF type.
    has_unknown = true;
    return absl::OkStatus();
  }
  if (!cursor.TakeSymbol(')')) TakeColumns(cursor, table, has_unknown);
  if (cursor.TakeWord("as")) has_unknown = true;
  if (!cursor.TakeWord("inherits")) return absl::OkStatus();
  cursor.TakeSymbol('(');
  do {
    const auto parent = cursor.TakeRelation();
    if (!parent) break;
    ASSIGN_OR_RETURN(const TableName name, state.Resolve(*parent));
    if (!table.parent || state.catalog.RoleOf(name)) table.parent = name;
  } while (cursor.TakeSymbol(','));
  return absl::OkStatus();
}

absl::Status CreateTable(Cursor cursor, const Statement& statement, TableKind kind,
                         DumpState& state) {
  cursor.TakeWords({"if", "not", "exists"});
  const std::optional<RelationName> relation = cursor.TakeRelation();
  if (!relation) return absl::InvalidArgumentError("CREATE TABLE with a name that is not read");
  if (kind.is_temporary || IsTemporary(relation->schema)) return CheckTemporary(*relation);
  state.catalog.AddSchema(relation->schema);
  ASSIGN_OR_RETURN(const TableName name, state.ResolveNew(*relation));
  if (name.schema.empty() && RoleOfTable(name.table)) return NoSchemaError(name.table);
  const Table* there = state.catalog.Find(name);
  if (there != nullptr && there->is_created) return absl::OkStatus();  // As PostgreSQL: refused.
  Table table = {
      .is_created = true, .row_count = there == nullptr ? 0 : there->row_count, .line = state.line};
  bool has_unknown = statement.is_cut;
  const bool is_query = cursor.Peek().IsWord("as");
  RETURN_IF_ERROR(TakeBody(cursor, state, table, has_unknown));
  state.catalog.At(name) = std::move(table);
  if (statement.Has("primary") || statement.Has("unique") || statement.Has("exclude")) {
    state.catalog.SetUnique(name);
  }
  const TableName root = state.catalog.RootOf(name);
  state.BlockPart(name);
  if (!RoleOfTable(root.table)) {
    return is_query ? CheckReadOnly(statement) : absl::OkStatus();
  }
  state.NoteTable(root);
  if (statement.Has("cascade")) state.has_cascades = true;
  if (kind.is_foreign) {
    state.Block(root, absl::StrCat(name.ToString(), " is a foreign table: its rows are elsewhere"));
  } else if (has_unknown) {
    state.Block(root, absl::StrCat("what ", name.ToString(), " is created from is not read"));
  }
  return absl::OkStatus();
}

// The table behind the first `word`.
absl::StatusOr<std::optional<TableName>> TableBehind(Cursor cursor, const char* word,
                                                     const DumpState& state) {
  while (!cursor.AtEnd()) {
    if (!cursor.TakeWord(word)) {
      cursor.Take();
      continue;
    }
    cursor.TakeWord("only");
    const auto relation = cursor.TakeRelation();
    if (!relation) return std::nullopt;
    return state.Resolve(*relation);
  }
  return std::nullopt;
}

absl::Status CreateView(Cursor cursor, const Statement& statement, TableKind kind,
                        DumpState& state) {
  cursor.TakeWords({"if", "not", "exists"});
  const auto relation = cursor.TakeRelation();
  if (!relation) return absl::InvalidArgumentError("CREATE VIEW with a name that is not read");
  if (kind.is_temporary || IsTemporary(relation->schema)) return CheckTemporary(*relation);
  ASSIGN_OR_RETURN(const TableName name, state.ResolveNew(*relation));
  Table& view = state.catalog.At(name);
  if (!view.is_created) view.is_view = true;
  const std::vector<Token>& tokens = statement.tokens;
  const bool is_filled = kind.is_materialized &&
                         !(tokens.back().IsWord("data") && tokens[tokens.size() - 2].IsWord("no"));
  return is_filled ? CheckReadOnly(statement) : absl::OkStatus();
}

absl::Status CreateSchema(Cursor cursor, const Statement& statement, DumpState& state) {
  for (size_t i = 1; i < statement.tokens.size(); ++i) {
    if (statement.tokens[i].IsWord("create")) {
      return absl::InvalidArgumentError("CREATE SCHEMA that creates what is in it");
    }
  }
  cursor.TakeWords({"if", "not", "exists"});
  cursor.TakeWord("authorization");
  state.catalog.AddSchema(cursor.TakeName().value_or(""));
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyCreate(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  cursor.TakeWord("create");
  cursor.TakeWords({"or", "replace"});
  if (cursor.TakeWord("schema")) return CreateSchema(cursor, statement, state);
  TableKind kind;
  bool is_unique = false;
  while (true) {
    if (cursor.TakeWord("temp") || cursor.TakeWord("temporary")) {
      kind.is_temporary = true;
    } else if (cursor.TakeWord("foreign")) {
      kind.is_foreign = true;
    } else if (cursor.TakeWord("unique")) {
      is_unique = true;
    } else if (cursor.TakeWord("materialized")) {
      kind.is_materialized = true;
    } else if (!cursor.TakeWord("unlogged") && !cursor.TakeWord("global") &&
               !cursor.TakeWord("local") && !cursor.TakeWord("recursive") &&
               !cursor.TakeWord("constraint")) {
      break;
    }
  }
  if (cursor.TakeWord("table")) return CreateTable(cursor, statement, kind, state);
  if (cursor.TakeWord("view")) return CreateView(cursor, statement, kind, state);
  if (cursor.TakeWord("trigger")) {
    ASSIGN_OR_RETURN(const auto table, TableBehind(cursor, "on", state));
    if (table) state.catalog.SetTrigger(*table);
  } else if (cursor.TakeWord("rule")) {
    ASSIGN_OR_RETURN(const auto table, TableBehind(cursor, "to", state));
    if (table) state.catalog.SetTrigger(*table);
  } else if (is_unique) {
    ASSIGN_OR_RETURN(const auto table, TableBehind(cursor, "on", state));
    if (table) state.catalog.SetUnique(*table);
  }
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
