#include "libs/sql_dump/certain_values.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"

namespace fairway::sql_dump {
namespace {

constexpr std::array kKeywords = {"current_catalog",
                                  "current_date",
                                  "current_role",
                                  "current_schema",
                                  "current_time",
                                  "current_user",
                                  "default",
                                  "false",
                                  "localtime",
                                  "localtimestamp",
                                  "null",
                                  "session_user",
                                  "true",
                                  "user",
                                  "current_timestamp"};
constexpr std::array kFunctions = {"clock_timestamp",
                                   "current_database",
                                   "gen_random_uuid",
                                   "nextval",
                                   "now",
                                   "pg_get_serial_sequence",
                                   "statement_timestamp",
                                   "timeofday",
                                   "transaction_timestamp",
                                   "version"};
constexpr std::array kTypesOfLiterals = {"date",        "interval", "time",
                                         "timestamptz", "bool",     "timestamp"};

template <typename List>
bool HoldsWord(const List& list, const Token& token) {
  return token.kind == TokenKind::kWord &&
         std::find(list.begin(), list.end(), absl::string_view(token.text)) != list.end();
}

bool IsLiteral(const Token& token) {
  const bool is_bit_string = token.kind == TokenKind::kOther && token.text != "$";
  return token.kind == TokenKind::kString || token.kind == TokenKind::kNumber || is_bit_string ||
         HoldsWord(kKeywords, token);
}

// "::numeric(10, 2)", or nothing.
bool IsCast(absl::Span<const Token> rest) {
  if (rest.empty()) return true;
  if (rest.size() < 3 || !rest[0].IsSymbol(':') || !rest[1].IsSymbol(':')) return false;
  return std::all_of(rest.begin(), rest.end(), [](const Token& token) {
    if (token.kind != TokenKind::kSymbol) {
      return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedName ||
             token.kind == TokenKind::kNumber;
    }
    return absl::string_view(".,()[]:").find(token.text[0]) != absl::string_view::npos;
  });
}

bool IsSign(const Token& token) { return token.IsSymbol('-') || token.IsSymbol('+'); }

// How many tokens there are before the one that ends this value: a comma outside parentheses.
size_t LengthOfFirst(absl::Span<const Token> values) {
  int depth = 0;
  size_t length = 0;
  for (; length < values.size(); ++length) {
    const Token& token = values[length];
    if (depth == 0 && token.IsSymbol(',')) break;
    if (token.IsSymbol('(') || token.IsSymbol('[')) ++depth;
    if (token.IsSymbol(')') || token.IsSymbol(']')) --depth;
  }
  return length;
}

// A value that calls nothing.
bool IsPlain(absl::Span<const Token> value) {
  if (value.empty()) return false;
  if (IsSign(value[0])) {
    while (!value.empty() && IsSign(value[0])) value.remove_prefix(1);
    if (value.empty() || value[0].kind != TokenKind::kNumber) return false;
  }
  if (IsLiteral(value[0])) return IsCast(value.subspan(1));
  return value.size() == 2 && HoldsWord(kTypesOfLiterals, value[0]) &&
         value[1].kind == TokenKind::kString;
}

template <typename IsOne>
bool AreAll(absl::Span<const Token> values, const IsOne& is_one) {
  while (!values.empty()) {
    const size_t length = LengthOfFirst(values);
    if (!is_one(values.first(length))) return false;
    const bool is_last = length == values.size();
    values.remove_prefix(is_last ? length : length + 1);
    if (!is_last && values.empty()) return false;
  }
  return true;
}

}  // namespace

bool IsCertainValue(absl::Span<const Token> value) {
  const bool is_qualified =
      value.size() > 2 && value[0].IsWord("pg_catalog") && value[1].IsSymbol('.');
  if (is_qualified) value.remove_prefix(2);
  if (value.size() < 3 || !value[1].IsSymbol('(')) return !is_qualified && IsPlain(value);
  if (!HoldsWord(kFunctions, value[0])) return false;
  const auto end = std::find_if(value.begin(), value.end(),
                                [](const Token& token) { return token.IsSymbol(')'); });
  if (end == value.end()) return false;
  const auto close = static_cast<size_t>(end - value.begin());
  return AreAll(value.subspan(2, close - 2), IsPlain) && IsCast(value.subspan(close + 1));
}

bool AreCertainValues(absl::Span<const Token> values) {
  return AreAll(values, [](absl::Span<const Token> value) {
    const bool is_named = value.size() > 2 && value[value.size() - 2].IsWord("as");
    return IsCertainValue(is_named ? value.first(value.size() - 2) : value);
  });
}

bool IsCertainReturning(absl::Span<const Token> list) {
  for (size_t i = 0; i < list.size(); ++i) {
    const bool is_item = list[i].kind == TokenKind::kWord ||
                         list[i].kind == TokenKind::kQuotedName || IsLiteral(list[i]) ||
                         list[i].IsSymbol('*');
    const bool is_right = i % 2 == 0 ? is_item : list[i].IsSymbol(',');
    if (!is_right) return false;
  }
  return list.size() % 2 == 1;
}

}  // namespace fairway::sql_dump
