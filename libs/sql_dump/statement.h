#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/sql_dump/token.h"

namespace fairway::sql_dump {

// A statement up to its semicolon; of an INSERT only what stands before the rows.
struct Statement {
  std::vector<Token> tokens;
  bool is_cut = false;          // It was too long to be kept whole.
  bool is_before_rows = false;  // Its last word is the VALUES of an INSERT.

  int64_t line() const { return tokens.empty() ? 0 : tokens[0].line; }
  // Whether this word stands anywhere in it, outside quotes.
  bool Has(const char* word) const;
};

// A table as a statement names it: schema is empty where the search path decides.
struct RelationName {
  std::string schema;
  std::string table;
};

// Reads a statement from left to right. Each Take… takes what it names, or nothing.
class Cursor {
 public:
  explicit Cursor(const Statement& statement) : tokens_(statement.tokens) {}

  bool AtEnd() const { return position_ == tokens_.size(); }
  size_t position() const { return position_; }
  // A token of kind kEnd behind the last.
  const Token& Peek(size_t ahead = 0) const;
  const Token& Take();
  bool TakeWord(const char* word);
  // All of these words, in this order, or none.
  bool TakeWords(std::initializer_list<const char*> words);
  bool TakeSymbol(char symbol);
  // A name, quoted or not.
  std::optional<std::string> TakeName();
  std::optional<RelationName> TakeRelation();
  // "(a, b)", or nothing when something else stands there.
  std::optional<std::vector<std::string>> TakeNameList();
  // Goes to the comma or closing parenthesis that ends what stands here, or to the end.
  void SkipToComma();

 private:
  const std::vector<Token>& tokens_;
  size_t position_ = 0;
};

}  // namespace fairway::sql_dump
