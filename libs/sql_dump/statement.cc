#include "libs/sql_dump/statement.h"

#include <algorithm>
#include <utility>

namespace fairway::sql_dump {

bool Statement::Has(const char* word) const {
  return std::any_of(tokens.begin(), tokens.end(),
                     [word](const Token& token) { return token.IsWord(word); });
}

const Token& Cursor::Peek(size_t ahead) const {
  static const Token kNothing;
  return position_ + ahead < tokens_.size() ? tokens_[position_ + ahead] : kNothing;
}

const Token& Cursor::Take() {
  const Token& token = Peek();
  if (!AtEnd()) ++position_;
  return token;
}

bool Cursor::TakeWord(const char* word) { return TakeWords({word}); }

bool Cursor::TakeWords(std::initializer_list<const char*> words) {
  size_t ahead = 0;
  for (const char* word : words) {
    if (!Peek(ahead++).IsWord(word)) return false;
  }
  position_ += words.size();
  return true;
}

bool Cursor::TakeSymbol(char symbol) {
  if (!Peek().IsSymbol(symbol)) return false;
  ++position_;
  return true;
}

std::optional<std::string> Cursor::TakeName() {
  const Token& token = Peek();
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kQuotedName) return std::nullopt;
  ++position_;
  return token.text;
}

std::optional<RelationName> Cursor::TakeRelation() {
  std::optional<std::string> name = TakeName();
  if (!name) return std::nullopt;
  RelationName relation = {.table = *std::move(name)};
  while (TakeSymbol('.')) {
    std::optional<std::string> next = TakeName();
    if (!next) return std::nullopt;
    relation = {.schema = std::move(relation.table), .table = *std::move(next)};
  }
  return relation;
}

std::optional<std::vector<std::string>> Cursor::TakeNameList() {
  const size_t start = position_;
  std::vector<std::string> names;
  if (!TakeSymbol('(')) return std::nullopt;
  do {
    std::optional<std::string> name = TakeName();
    if (!name) break;
    names.push_back(*std::move(name));
  } while (TakeSymbol(','));
  if (!names.empty() && TakeSymbol(')')) return names;
  position_ = start;
  return std::nullopt;
}

void Cursor::SkipToComma() {
  int depth = 0;
  while (!AtEnd()) {
    const Token& token = Peek();
    if (depth == 0 && (token.IsSymbol(',') || token.IsSymbol(')'))) return;
    if (token.IsSymbol('(') || token.IsSymbol('[')) ++depth;
    if (token.IsSymbol(')') || token.IsSymbol(']')) --depth;
    ++position_;
  }
}

}  // namespace fairway::sql_dump
