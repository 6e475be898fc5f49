#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/sql_dump/client_encoding.h"
#include "libs/sql_dump/dump_text.h"
#include "libs/sql_dump/token.h"

namespace fairway::sql_dump {

// How text is read; a dump's SET statements change it.
struct ReadingMode {
  ClientEncoding encoding;
  bool backslash_escapes = false;  // In '…': standard_conforming_strings = off.
};

// Cuts the text of a dump into tokens, as psql and PostgreSQL do: comments (nested ones, too) are
// left out, whatever is quoted stays whole.
class SqlScanner {
 public:
  static constexpr size_t kTokenBytesMax = 1 << 20;

  SqlScanner(DumpText& text, const ReadingMode& mode) : text_(text), mode_(mode) {}

  // FILE_CONTENT for a quote or comment that is not closed, and text that is not in the encoding.
  absl::Status Next(Token& token);

  // The line of a dump's opening comment that has no closing one; 0 when there is none.
  int64_t open_dump_line() const { return open_dumps_ > 0 ? open_line_ : 0; }

 private:
  absl::Status SkipBlanks();
  absl::Status SkipBlockComment();
  void ReadLineComment();
  absl::Status ReadQuoted(char quote, bool escapes, Token& token);
  absl::Status ReadEscape(Token& token);
  absl::Status ReadDollarQuoted(Token& token);
  bool IsDollarQuote();
  absl::Status ReadWord(Token& token);
  void ReadNumber(Token& token);
  void ReadMetaCommand(Token& token);
  absl::Status Append(int c, Token& token);
  absl::Status CheckText(Token& token) const;
  absl::Status Error(int64_t line, absl::string_view what) const;

  DumpText& text_;
  const ReadingMode& mode_;
  int open_dumps_ = 0;
  int64_t open_line_ = 0;
};

}  // namespace fairway::sql_dump
