#include "libs/sql_dump/statement_reader.h"

#include <utility>

#include "absl/strings/match.h"

#include "libs/base/status_macros.h"

namespace fairway::sql_dump {
namespace {

constexpr size_t kStatementBytesMax = 4 << 20;
constexpr size_t kTokenOverheadBytes = sizeof(Token);

}  // namespace

absl::StatusOr<bool> StatementReader::Next(Statement& statement) {
  statement = {};
  parentheses_ = 0;
  body_depth_ = 0;
  beginning_.clear();
  bytes_ = 0;
  while (true) {
    RETURN_IF_ERROR(scanner_.Next(token_));
    if (token_.kind == TokenKind::kEnd || token_.kind == TokenKind::kMetaCommand) {
      if (statement.tokens.empty() && token_.kind == TokenKind::kEnd) return false;
      // A statement that nothing ends is reported by the reader of statements, from its last token.
      statement.tokens.push_back(std::move(token_));
      return true;
    }
    if (token_.IsSymbol(';') && parentheses_ <= 0 && body_depth_ <= 0) {
      if (statement.tokens.empty()) continue;
      return true;
    }
    CountDepth(token_);
    const bool is_values = parentheses_ <= 0 && token_.IsWord("values") &&
                           !statement.tokens.empty() && statement.tokens[0].IsWord("insert");
    Keep(token_, statement);
    if (is_values && !statement.is_cut) {
      statement.is_before_rows = true;
      return true;
    }
  }
}

void StatementReader::Keep(Token& token, Statement& statement) {
  bytes_ += kTokenOverheadBytes + token.text.size();
  if (bytes_ > kStatementBytesMax) {
    statement.is_cut = true;
  } else {
    statement.tokens.push_back(std::move(token));
  }
}

void StatementReader::CountDepth(const Token& token) {
  if (token.IsSymbol('(')) ++parentheses_;
  if (token.IsSymbol(')')) --parentheses_;
  if (token.kind == TokenKind::kWord) CountBody(token);
}

// CREATE [OR REPLACE] FUNCTION or PROCEDURE may have a body of statements, BEGIN ATOMIC … END.
void StatementReader::CountBody(const Token& token) {
  constexpr size_t kWordsMax = 4;
  const bool matters = token.text == "create" || token.text == "or" || token.text == "replace" ||
                       token.text == "function" || token.text == "procedure";
  if (beginning_.size() < kWordsMax) beginning_.push_back(matters ? token.text[0] : '-');
  const bool is_routine =
      absl::StartsWith(beginning_, "cf") || absl::StartsWith(beginning_, "cp") ||
      absl::StartsWith(beginning_, "corf") || absl::StartsWith(beginning_, "corp");
  if (!is_routine || parentheses_ != 0) return;
  if (token.text == "begin") ++body_depth_;
  if (token.text == "case" && body_depth_ > 0) ++body_depth_;
  if (token.text == "end" && body_depth_ > 0) --body_depth_;
}

}  // namespace fairway::sql_dump
