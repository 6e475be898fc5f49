#include "libs/sql_dump/other_statement.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/alter_statement.h"
#include "libs/sql_dump/change_statement.h"
#include "libs/sql_dump/create_statement.h"

namespace fairway::sql_dump {
namespace {

// What leaves rows as they are, whatever follows.
constexpr std::array kHarmless = {
    "analyse",   "analyze",  "checkpoint", "close",   "cluster",  "comment", "deallocate",
    "declare",   "fetch",    "grant",      "import",  "listen",   "load",    "lock",
    "move",      "notify",   "reassign",   "refresh", "reindex",  "release", "revoke",
    "savepoint", "security", "show",       "table",   "unlisten", "vacuum",  "values"};

// Functions that people call in scripts, besides those of pg_catalog; and what only looks like one.
constexpr std::array kHarmlessFunctions = {
    "all",  "and",   "any",  "as",      "by",         "coalesce", "count",    "currval", "exists",
    "from", "in",    "join", "lastval", "max",        "min",      "nextval",  "not",     "now",
    "on",   "or",    "over", "select",  "set_config", "setval",   "sum",      "using",   "values",
    "when", "where", "then", "else",    "case",       "nullif",   "greatest", "least",   "version"};

template <typename List>
bool Contains(const List& list, absl::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

absl::Status CheckFunctions(const Statement& statement) {
  const std::vector<Token>& tokens = statement.tokens;
  for (size_t i = 1; i + 1 < tokens.size(); ++i) {
    const bool is_name =
        tokens[i].kind == TokenKind::kWord || tokens[i].kind == TokenKind::kQuotedName;
    if (!is_name || !tokens[i + 1].IsSymbol('(')) continue;
    const bool is_qualified = i >= 2 && tokens[i - 1].IsSymbol('.');
    const bool is_builtin = is_qualified ? tokens[i - 2].text == "pg_catalog"
                                         : Contains(kHarmlessFunctions, tokens[i].text);
    if (!is_builtin) {
      return absl::InvalidArgumentError(
          absl::StrCat("this calls ", tokens[i].text, "(), which may change the tables"));
    }
  }
  return absl::OkStatus();
}

absl::Status ApplySelect(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  cursor.TakeWord("select");
  if (cursor.TakeWords({"pg_catalog"})) cursor.TakeSymbol('.');
  if (cursor.TakeWord("set_config") && cursor.TakeSymbol('(')) {
    return state.settings.ApplySetConfig(cursor);
  }
  if (statement.is_cut) return absl::InvalidArgumentError("this query is too long to be checked");
  for (const char* word : {"into", "set_config", "insert", "update", "delete", "merge"}) {
    if (word == absl::string_view("update") && statement.Has("for")) continue;
    if (statement.Has(word)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "this query, with ", absl::AsciiStrToUpper(word), ", may change the tables"));
    }
  }
  return CheckFunctions(statement);
}

absl::Status ApplySet(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  const bool is_set = cursor.Take().IsWord("set");
  return is_set ? state.settings.ApplySet(cursor) : state.settings.ApplyReset(cursor);
}

}  // namespace

absl::Status ApplyStatement(const Statement& statement, DumpState& state) {
  const Token& verb = statement.tokens[0];
  const auto is = [&](std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* w) { return verb.IsWord(w); });
  };
  if (is({"create"})) return ApplyCreate(statement, state);
  if (is({"alter"})) return ApplyAlter(statement, state);
  if (is({"drop"})) return ApplyDrop(statement, state);
  if (is({"delete", "update", "truncate", "merge"})) return ApplyChange(statement, state);
  if (is({"set", "reset"})) return ApplySet(statement, state);
  if (is({"select", "with"})) return ApplySelect(statement, state);
  if (is({"begin", "start"})) {
    state.transaction_line = state.line;
    return absl::OkStatus();
  }
  if (is({"commit", "end"}) && statement.tokens.size() <= 2) {
    state.transaction_line = 0;
    return absl::OkStatus();
  }
  if (is({"discard"})) {
    state.settings.Reset();
    return absl::OkStatus();
  }
  if (verb.kind == TokenKind::kWord && Contains(kHarmless, verb.text)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("what ", absl::AsciiStrToUpper(verb.text), " does to the tables is not known"));
}

}  // namespace fairway::sql_dump
