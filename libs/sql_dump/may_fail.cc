#include "libs/sql_dump/may_fail.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/types/span.h"

#include "libs/sql_dump/certain_values.h"
#include "libs/sql_dump/known_settings.h"

namespace fairway::sql_dump {
namespace {

// Functions that pg_dump calls to restore something.
constexpr std::array kRestoring = {"lo_close",  "lo_create",  "lo_open",
                                   "lo_unlink", "lowrite",    "pg_restore_attribute_stats",
                                   "setval",    "set_config", "pg_restore_relation_stats"};

// "lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '1'": pg_dump --if-exists.
bool IsUnlinkIfExists(Cursor cursor) {
  return cursor.TakeWord("lo_unlink") && cursor.TakeSymbol('(') && cursor.TakeWord("oid") &&
         cursor.TakeSymbol(')') && cursor.TakeWords({"from", "pg_catalog"}) &&
         cursor.TakeSymbol('.') && cursor.TakeWords({"pg_largeobject_metadata", "where", "oid"}) &&
         cursor.TakeSymbol('=') && cursor.Take().kind == TokenKind::kString && cursor.AtEnd();
}

bool IsCertainQuery(const Statement& statement) {
  const absl::Span<const Token> tokens = statement.tokens;
  Cursor cursor(statement);
  if (statement.is_cut || !cursor.TakeWord("select")) return false;
  const size_t list = cursor.position();
  if (cursor.TakeSymbol('*') && !cursor.TakeWord("from")) return false;
  if (cursor.TakeWord("pg_catalog")) cursor.TakeSymbol('.');
  if (IsUnlinkIfExists(cursor)) return true;
  const std::string function = cursor.Take().text;
  const bool is_restoring =
      std::find(kRestoring.begin(), kRestoring.end(), function) != kRestoring.end();
  if (!is_restoring) return list < tokens.size() && AreCertainValues(tokens.subspan(list));
  if (!cursor.TakeSymbol('(') || !tokens.back().IsSymbol(')')) return false;
  if (function == "set_config" && !IsKnownSetting(absl::AsciiStrToLower(cursor.Peek().text))) {
    return false;
  }
  const size_t first = cursor.position();
  return AreCertainValues(tokens.subspan(first, tokens.size() - 1 - first));
}

// SET, RESET, SHOW.
bool IsCertainSetting(Cursor cursor) {
  cursor.Take();
  const bool is_session = cursor.TakeWord("session");
  if (!is_session) cursor.TakeWord("local");
  if (cursor.Peek().IsWord("transaction")) {  // Some of it only before the first query.
    return cursor.Peek(1).IsWord("read");
  }
  for (const char* word : {"all", "authorization", "characteristics", "constraints", "names",
                           "schema", "time", "xml"}) {
    if (cursor.Peek().IsWord(word)) return true;
  }
  const std::string name = absl::AsciiStrToLower(cursor.TakeName().value_or(""));
  return cursor.Peek().IsSymbol('.') || IsKnownSetting(name);
}

// A table that is there already, or one that a query fills.
bool MayCreateFail(Cursor cursor, const Statement& statement, const DumpState& state) {
  const std::vector<Token>& tokens = statement.tokens;
  const bool is_temporary = cursor.TakeWord("temp") || cursor.TakeWord("temporary");
  cursor.TakeWord("unlogged");
  if (cursor.TakeWord("materialized")) {
    return !tokens.back().IsWord("data") || !tokens[tokens.size() - 2].IsWord("no");
  }
  if (!cursor.TakeWord("table")) return false;
  const bool is_optional = cursor.TakeWords({"if", "not", "exists"});
  const std::optional<RelationName> relation = cursor.TakeRelation();
  int depth = 0;
  for (const Token& token : tokens) {
    if (depth == 0 && token.IsWord("as")) return true;
    if (token.IsSymbol('(')) ++depth;
    if (token.IsSymbol(')')) --depth;
  }
  if (is_optional || is_temporary || !relation) return false;
  const auto name = state.ResolveNew(*relation);
  const Table* there = name.ok() ? state.catalog.Find(*name) : nullptr;
  return there != nullptr && there->is_created;
}

// CREATE, ALTER, DROP and REINDEX of what PostgreSQL does not touch within a transaction.
bool IsForbiddenInTransaction(const Statement& statement) {
  const Token& verb = statement.tokens[0];
  const auto is_of = [&](const char* kind) {
    return statement.tokens.size() > 1 && statement.tokens[1].IsWord(kind);
  };
  if (verb.IsWord("vacuum") || statement.Has("concurrently")) return !verb.IsWord("refresh");
  if (verb.IsWord("cluster")) return statement.tokens.size() == 1;
  if (verb.IsWord("discard")) return is_of("all");
  if (verb.IsWord("alter")) return is_of("system");
  if (verb.IsWord("reindex")) return is_of("database") || is_of("system") || is_of("schema");
  const bool is_made = verb.IsWord("create") || verb.IsWord("drop");
  // pg_dump creates subscriptions that do not connect, which may be in a transaction.
  if (is_of("subscription")) return is_made && !statement.Has("connect");
  return is_made && (is_of("database") || is_of("tablespace"));
}

// DELETE FROM a table is certain, with a condition it is not.
bool MayChangeFail(Cursor cursor) {
  if (cursor.TakeWord("truncate")) return false;
  const bool is_delete = cursor.TakeWords({"delete", "from"});
  if (!is_delete) cursor.Take();
  cursor.TakeWord("only");
  const std::optional<RelationName> relation = cursor.TakeRelation();
  cursor.TakeSymbol('*');
  const bool is_catalog = relation && relation->schema == "pg_catalog";  // As pg_dump does.
  return !is_catalog && !(is_delete && cursor.AtEnd());
}

bool MayReleaseFail(Cursor cursor, const DumpState& state) {
  cursor.Take();
  cursor.TakeWord("savepoint");
  const std::string name = cursor.TakeName().value_or("");
  return std::find(state.savepoints.begin(), state.savepoints.end(), name) ==
         state.savepoints.end();
}

}  // namespace

bool MayFail(const Statement& statement, const DumpState& state) {
  const Token& verb = statement.tokens[0];
  if (verb.IsWord("insert")) return !statement.is_before_rows;
  if (verb.IsWord("copy")) return !statement.Has("stdin");
  const bool is_in_transaction = state.transaction_line > 0;
  if (is_in_transaction && IsForbiddenInTransaction(statement)) return true;
  Cursor cursor(statement);
  const auto is = [&](std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* w) { return verb.IsWord(w); });
  };
  if (is({"select"})) return !IsCertainQuery(statement);
  if (is({"with", "values", "declare", "close", "fetch", "move"})) return true;
  if (is({"set", "reset", "show"})) return !IsCertainSetting(cursor);
  if (is({"delete", "update", "truncate", "merge"})) return MayChangeFail(cursor);
  if (is({"savepoint", "lock"})) return !is_in_transaction;
  if (is({"release"})) return MayReleaseFail(cursor, state);
  if (is({"deallocate"})) return !statement.Has("all");
  if (cursor.TakeWord("table")) return !cursor.TakeRelation() || !cursor.AtEnd();
  if (cursor.TakeWord("create")) return MayCreateFail(cursor, statement, state);
  return false;
}

}  // namespace fairway::sql_dump
