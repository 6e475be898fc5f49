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
#include "libs/sql_dump/read_only_query.h"

namespace fairway::sql_dump {
namespace {

// What leaves rows as they are, whatever follows.
constexpr std::array kHarmless = {
    "analyse", "analyze",  "checkpoint", "close", "cluster",  "comment",  "deallocate", "fetch",
    "grant",   "listen",   "lock",       "move",  "notify",   "reassign", "refresh",    "reindex",
    "revoke",  "security", "show",       "table", "unlisten", "vacuum"};

template <typename List>
bool Contains(const List& list, absl::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

absl::Status ApplySelect(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  cursor.TakeWord("select");
  if (cursor.TakeWords({"pg_catalog"})) cursor.TakeSymbol('.');
  if (!cursor.TakeWord("set_config") || !cursor.TakeSymbol('(')) return CheckReadOnly(statement);
  RETURN_IF_ERROR(state.settings.ApplySetConfig(cursor));
  // What stands behind the name of the setting may be another query.
  Statement rest;
  rest.tokens.assign(statement.tokens.begin() + static_cast<std::ptrdiff_t>(cursor.position()),
                     statement.tokens.end());
  return CheckReadOnly(rest);
}

// The end of a savepoint is that of those within it.
void ApplySavepoint(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  const bool is_new = cursor.Take().IsWord("savepoint");
  cursor.TakeWord("savepoint");
  const std::string name = cursor.TakeName().value_or("");
  if (is_new) {
    state.savepoints.push_back(name);
    return;
  }
  std::vector<std::string>& all = state.savepoints;
  const auto found = std::find(all.rbegin(), all.rend(), name);
  if (found != all.rend()) all.erase(found.base() - 1, all.end());
}

absl::Status ApplySet(const Statement& statement, DumpState& state) {
  Cursor cursor(statement);
  const bool is_set = cursor.Take().IsWord("set");
  RETURN_IF_ERROR(CheckTransactionMode(statement));
  return is_set ? state.settings.ApplySet(cursor) : state.settings.ApplyReset(cursor);
}

}  // namespace

bool ChangesNothing(const Token& verb) {
  return verb.IsWord("select") || (verb.kind == TokenKind::kWord && Contains(kHarmless, verb.text));
}

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
  if (is({"values", "declare"})) return CheckReadOnly(statement);
  if (is({"begin", "start"})) {
    RETURN_IF_ERROR(CheckTransactionMode(statement));
    if (state.transaction_line == 0) state.savepoints.clear();
    state.transaction_line = state.line;
    return absl::OkStatus();
  }
  if (is({"commit", "end"}) && statement.tokens.size() <= 2) {
    state.transaction_line = 0;
    state.savepoints.clear();
    return absl::OkStatus();
  }
  if (is({"savepoint", "release"})) {
    ApplySavepoint(statement, state);
    return absl::OkStatus();
  }
  if (is({"discard"})) {
    if (statement.Has("all")) state.settings.Reset();
    return absl::OkStatus();
  }
  if (verb.kind == TokenKind::kWord && Contains(kHarmless, verb.text)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("what ", absl::AsciiStrToUpper(verb.text), " does to the tables is not known"));
}

}  // namespace fairway::sql_dump
