#include "libs/sql_dump/read_only_query.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace fairway::sql_dump {
namespace {

// Functions that people call in scripts, besides those of pg_catalog; and what only looks like one:
// keywords and types.
constexpr std::array kHarmlessFunctions = {
    "all",       "and",     "any",     "as",     "avg",       "by",      "case",    "cast",
    "coalesce",  "count",   "currval", "else",   "exists",    "filter",  "from",    "greatest",
    "in",        "join",    "lastval", "least",  "length",    "lower",   "max",     "min",
    "nextval",   "not",     "now",     "nullif", "on",        "or",      "over",    "row",
    "select",    "setval",  "sum",     "then",   "union",     "upper",   "using",   "values",
    "version",   "when",    "where",   "with",   "set",       "numeric", "decimal", "char",
    "character", "varchar", "varying", "bit",    "timestamp", "time",    "interval"};

bool IsHarmless(absl::string_view function) {
  return std::find(kHarmlessFunctions.begin(), kHarmlessFunctions.end(), function) !=
         kHarmlessFunctions.end();
}

}  // namespace

absl::Status CheckFunctions(const Statement& statement, size_t from) {
  const std::vector<Token>& tokens = statement.tokens;
  for (size_t i = from; i + 1 < tokens.size(); ++i) {
    const bool is_name =
        tokens[i].kind == TokenKind::kWord || tokens[i].kind == TokenKind::kQuotedName;
    if (!is_name || !tokens[i + 1].IsSymbol('(')) continue;
    const bool is_qualified = i >= 2 && tokens[i - 1].IsSymbol('.');
    const bool is_harmless =
        is_qualified ? tokens[i - 2].text == "pg_catalog" : IsHarmless(tokens[i].text);
    if (!is_harmless) {
      return absl::InvalidArgumentError(
          absl::StrCat("this calls ", tokens[i].text, "(), which may change the tables"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckReadOnly(const Statement& statement) {
  if (statement.is_cut) return absl::InvalidArgumentError("this query is too long to be checked");
  for (const char* word : {"into", "set_config", "insert", "update", "delete", "merge"}) {
    if (statement.Has(word)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "this query, with ", absl::AsciiStrToUpper(word), ", may change the tables"));
    }
  }
  return CheckFunctions(statement);
}

}  // namespace fairway::sql_dump
