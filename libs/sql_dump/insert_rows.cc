#include "libs/sql_dump/insert_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/certain_values.h"
#include "libs/sql_dump/dump_error.h"
#include "libs/sql_dump/read_only_query.h"

namespace fairway::sql_dump {
namespace {

// Of a string, which may be long, only that it is one.
Token WithoutText(const Token& token) {
  if (token.kind != TokenKind::kString) return token;
  return {.kind = token.kind, .line = token.line};
}

bool EndsValue(const Token& token) { return token.IsSymbol(',') || token.IsSymbol(')'); }

}  // namespace

absl::StatusOr<std::optional<InsertRows>> InsertRows::Begin(const Statement& statement,
                                                            DumpState& state, SqlScanner& scanner) {
  Cursor cursor(statement);
  cursor.TakeWords({"insert", "into"});
  const std::optional<RelationName> relation = cursor.TakeRelation();
  if (!relation) return absl::InvalidArgumentError("INSERT into a table whose name is not read");
  if (cursor.TakeWord("as")) cursor.TakeName();
  const std::optional<std::vector<std::string>> columns = cursor.TakeNameList();
  ASSIGN_OR_RETURN(RowTarget target, RowTarget::Find(*relation, columns, state));
  if (cursor.TakeWord("overriding")) {
    cursor.Take();
    cursor.TakeWord("value");
  }
  const bool has_rows = cursor.TakeWord("values") && cursor.AtEnd();
  if (!has_rows) target.Block("an INSERT without VALUES: what it adds is not known");
  if (!statement.is_before_rows) {
    RETURN_IF_ERROR(CheckFunctions(statement, cursor.position()));
    return std::nullopt;
  }
  return InsertRows(std::move(target), state, scanner);
}

absl::Status InsertRows::Scan() {
  RETURN_IF_ERROR(scanner_->Next(token_));
  if (token_.kind == TokenKind::kEnd) {
    return DumpError(state_->name, state_->line, "the file ends within this INSERT");
  }
  if (token_.kind == TokenKind::kMetaCommand) {
    return DumpError(state_->name, token_.line, "a command of psql within an INSERT");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> InsertRows::Next(DumpRow& row) {
  while (true) {
    RETURN_IF_ERROR(Scan());
    if (token_.IsSymbol(',')) continue;
    if (!token_.IsSymbol('(')) {
      RETURN_IF_ERROR(ReadEnd());
      return false;
    }
    const int64_t line = token_.line;
    bool is_plain = true;
    RETURN_IF_ERROR(ReadRow(is_plain));
    if (!is_certain_) state_->Doubt();
    if (!target_.is_wanted()) {
      target_.CountUnread();
      continue;
    }
    if (!is_plain) {
      target_.Block("a value that is no plain literal", line);
    } else if (field_count_ != target_.column_count()) {
      target_.Block(absl::StrCat(field_count_, " values for ", target_.column_count(), " columns"),
                    line);
    } else if (!is_certain_) {
      target_.Block("a value that PostgreSQL may fail to compute: then the row is not stored",
                    line);
    } else {
      target_.Present(fields_, line, row);
      return true;
    }
  }
}

// `token_` is the opening parenthesis, and the closing one afterwards.
absl::Status InsertRows::ReadRow(bool& is_plain) {
  field_count_ = 0;
  is_certain_ = true;
  do {
    RETURN_IF_ERROR(Scan());
    if (!target_.is_wanted()) {
      RETURN_IF_ERROR(SkipValue({}));
      continue;
    }
    if (field_count_ >= target_.column_count()) {
      RETURN_IF_ERROR(SkipValue({}));
      ++field_count_;
      continue;
    }
    if (fields_.size() <= field_count_) fields_.emplace_back();
    bool is_plain_value = true;
    RETURN_IF_ERROR(ReadValue(fields_[field_count_], is_plain_value));
    if (!is_plain_value && target_.IsWantedColumn(field_count_)) is_plain = false;
    ++field_count_;
  } while (token_.IsSymbol(','));
  return absl::OkStatus();
}

// `token_` is the first of the value, and what ends it afterwards.
absl::Status InsertRows::ReadValue(Field& field, bool& is_plain) {
  bool is_negative = false;
  bool is_signed = false;
  while (token_.IsSymbol('-') || token_.IsSymbol('+')) {
    is_signed = true;
    if (token_.IsSymbol('-')) is_negative = !is_negative;
    RETURN_IF_ERROR(Scan());
  }
  field.is_null = token_.IsWord("null");
  field.is_number = token_.kind == TokenKind::kNumber;
  const bool is_string = token_.kind == TokenKind::kString && !token_.is_cut && !is_negative;
  is_plain = field.is_null || field.is_number || is_string;
  field.text.clear();
  if (is_negative) field.text.push_back('-');
  absl::StrAppend(&field.text, token_.text);
  if (EndsValue(token_)) return absl::OkStatus();
  std::vector<Token> begun;
  if (is_signed) begun.push_back({.kind = TokenKind::kSymbol, .text = "-"});
  if (!is_plain) return SkipValue(std::move(begun));
  const TokenKind kind = field.is_number ? TokenKind::kNumber : TokenKind::kString;
  RETURN_IF_ERROR(Scan());
  if (EndsValue(token_)) return absl::OkStatus();
  is_plain = false;  // Casts, too: they may change the value.
  begun.push_back({.kind = kind});
  return SkipValue(std::move(begun));
}

// To the comma or parenthesis that ends the value which `token_` is in. `begun`: what was read of
// it before.
absl::Status InsertRows::SkipValue(std::vector<Token> begun) {
  constexpr size_t kTokensMax = 128;
  Statement value = {.tokens = std::move(begun)};
  int depth = 0;
  while (depth > 0 || !EndsValue(token_)) {
    if (token_.IsSymbol('(') || token_.IsSymbol('[')) ++depth;
    if (token_.IsSymbol(')') || token_.IsSymbol(']')) --depth;
    if (value.tokens.size() <= kTokensMax) value.tokens.push_back(WithoutText(token_));
    RETURN_IF_ERROR(Scan());
  }
  const absl::Status called = CheckFunctions(value, 0);
  if (!called.ok()) return DumpError(state_->name, state_->line, called.message());
  if (value.tokens.size() > kTokensMax || !IsCertainValue(value.tokens)) is_certain_ = false;
  return absl::OkStatus();
}

// Where it fails, the INSERT stores nothing.
void InsertRows::CheckReturning(const Statement& rest) {
  const auto returning = std::find_if(rest.tokens.begin(), rest.tokens.end(),
                                      [](const Token& token) { return token.IsWord("returning"); });
  if (returning == rest.tokens.end()) return;
  const auto list = static_cast<size_t>(returning - rest.tokens.begin()) + 1;
  if (IsCertainReturning(absl::MakeConstSpan(rest.tokens).subspan(list))) return;
  target_.Block("RETURNING what PostgreSQL may fail to compute: then no row is stored");
  state_->Doubt();
}

// Behind the rows: `token_` is the semicolon, or ON CONFLICT, RETURNING, or something else.
absl::Status InsertRows::ReadEnd() {
  Statement rest;
  constexpr size_t kTokensMax = 64;
  int depth = 0;
  while (depth > 0 || !token_.IsSymbol(';')) {
    if (token_.IsSymbol('(')) ++depth;
    if (token_.IsSymbol(')')) --depth;
    if (rest.tokens.size() < kTokensMax) rest.tokens.push_back(token_);
    RETURN_IF_ERROR(Scan());
  }
  Cursor cursor(rest);
  if (cursor.AtEnd()) return absl::OkStatus();
  const bool is_conflict = cursor.TakeWords({"on", "conflict"});
  const bool is_of_any = cursor.Peek().IsWord("do");
  if (is_conflict) cursor.TakeNameList();
  const absl::Status called = CheckFunctions(rest, cursor.position());
  if (!called.ok()) return DumpError(state_->name, state_->line, called.message());
  CheckReturning(rest);
  if (cursor.Peek().IsWord("returning")) return absl::OkStatus();
  const bool is_nothing = is_conflict && rest.Has("nothing") && !rest.Has("update");
  if (!is_nothing) {
    target_.Block("what stands behind the rows of this INSERT changes them");
    state_->Doubt();
  } else if (!is_of_any) {
    target_.Block("ON CONFLICT of one constraint, which leaves rows out or is not there");
  } else if (state_->catalog.HasUniqueBelow(target_.root())) {
    target_.Block("ON CONFLICT DO NOTHING, where a unique constraint may leave rows out");
  }
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
