#pragma once

#include <cstdint>
#include <string>

namespace fairway::sql_dump {

enum class TokenKind {
  kEnd,         // Of the dump.
  kWord,        // Keyword or unquoted name, in lower case.
  kQuotedName,  // "…", without its quotes.
  kString,      // '…', E'…', $$…$$, without quotes and escapes.
  kNumber,
  kSymbol,       // One character.
  kMetaCommand,  // A command for psql: what follows the backslash, to the end of the line.
  kOther,        // Bit strings, U&'…', parameters: read over, never understood.
};

// A piece of an SQL statement.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;     // In UTF-8.
  int64_t line = 0;     // Where it begins.
  bool is_cut = false;  // The text was too long to be kept whole.

  bool IsWord(const char* word) const { return kind == TokenKind::kWord && text == word; }
  bool IsSymbol(char symbol) const { return kind == TokenKind::kSymbol && text[0] == symbol; }
};

}  // namespace fairway::sql_dump
