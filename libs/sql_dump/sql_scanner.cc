#include "libs/sql_dump/sql_scanner.h"

#include <utf8.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/dump_error.h"

namespace fairway::sql_dump {
namespace {

constexpr int kEnd = DumpText::kEnd;

bool IsDigit(int c) { return c >= '0' && c <= '9'; }
bool StartsWord(int c) {
  return c != kEnd && (c >= 0x80 || c == '_' || absl::ascii_isalpha(static_cast<unsigned char>(c)));
}
bool ContinuesWord(int c) { return StartsWord(c) || IsDigit(c) || c == '$'; }

}  // namespace

absl::Status SqlScanner::Error(int64_t line, absl::string_view what) const {
  if (!text_.status().ok()) return text_.status();
  return DumpError(text_.name(), line, what);
}

absl::Status SqlScanner::Next(Token& token) {
  RETURN_IF_ERROR(SkipBlanks());
  token.text.clear();
  token.line = text_.line();
  token.is_cut = false;
  const int c = text_.Peek();
  const int next = text_.Peek(1);
  if (c == kEnd) {
    token.kind = TokenKind::kEnd;
    return text_.status();
  }
  if (c == '\0') return Error(token.line, "a NUL character: this is no plain dump");
  if (c == '\'') return ReadQuoted('\'', mode_.backslash_escapes, token);
  if (c == '"') return ReadQuoted('"', false, token);
  if (next == '\'' && (c == 'e' || c == 'E' || c == 'n' || c == 'N')) {
    text_.Take();
    return ReadQuoted('\'', mode_.backslash_escapes || c == 'e' || c == 'E', token);
  }
  const bool is_unicode =
      (c == 'u' || c == 'U') && next == '&' && (text_.Peek(2) == '\'' || text_.Peek(2) == '"');
  if (is_unicode || (next == '\'' && (c == 'b' || c == 'B' || c == 'x' || c == 'X'))) {
    text_.Take();
    if (is_unicode) text_.Take();
    RETURN_IF_ERROR(ReadQuoted(static_cast<char>(text_.Peek()), false, token));
    token.kind = TokenKind::kOther;
    return absl::OkStatus();
  }
  if (StartsWord(c)) return ReadWord(token);
  if (IsDigit(c) || (c == '.' && IsDigit(next))) {
    ReadNumber(token);
    return absl::OkStatus();
  }
  if (c == '$' && IsDollarQuote()) return ReadDollarQuoted(token);
  if (c == '\\') {
    ReadMetaCommand(token);
    return absl::OkStatus();
  }
  token.kind = c == '$' ? TokenKind::kOther : TokenKind::kSymbol;
  token.text.push_back(static_cast<char>(text_.Take()));
  return absl::OkStatus();
}

absl::Status SqlScanner::SkipBlanks() {
  while (true) {
    const int c = text_.Peek();
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      text_.Take();
    } else if (c == '-' && text_.Peek(1) == '-') {
      ReadLineComment();
    } else if (c == '/' && text_.Peek(1) == '*') {
      RETURN_IF_ERROR(SkipBlockComment());
    } else {
      return absl::OkStatus();
    }
  }
}

absl::Status SqlScanner::SkipBlockComment() {
  const int64_t line = text_.line();
  int depth = 0;
  do {
    const int c = text_.Take();
    if (c == kEnd) return Error(line, "the comment that begins here is not closed");
    if (c == '/' && text_.Peek() == '*') {
      text_.Take();
      ++depth;
    } else if (c == '*' && text_.Peek() == '/') {
      text_.Take();
      --depth;
    }
  } while (depth > 0);
  return absl::OkStatus();
}

// pg_dump and pg_dumpall write one comment at the head and one when they have done all.
void SqlScanner::ReadLineComment() {
  constexpr size_t kBytesMax = 64;
  const int64_t line = text_.line();
  std::string comment;
  for (int c = text_.Peek(); c != kEnd && c != '\n'; c = text_.Peek()) {
    text_.Take();
    if (comment.size() < kBytesMax) comment.push_back(static_cast<char>(c));
  }
  absl::string_view words = comment;
  words = absl::StripAsciiWhitespace(words);
  if (!absl::ConsumePrefix(&words, "-- PostgreSQL database ")) return;
  absl::ConsumePrefix(&words, "cluster ");
  if (words == "dump" && ++open_dumps_ == 1) open_line_ = line;
  if (words == "dump complete") --open_dumps_;
}

absl::Status SqlScanner::ReadWord(Token& token) {
  token.kind = TokenKind::kWord;
  while (ContinuesWord(text_.Peek())) {
    const int c = text_.Take();
    RETURN_IF_ERROR(
        Append(c < 0x80 ? absl::ascii_tolower(static_cast<unsigned char>(c)) : c, token));
  }
  return CheckText(token);
}

void SqlScanner::ReadNumber(Token& token) {
  token.kind = TokenKind::kNumber;
  while (true) {
    const int c = text_.Peek();
    const bool is_sign =
        (c == '+' || c == '-') && token.text.back() == 'e' && IsDigit(text_.Peek(1));
    const bool is_range = c == '.' && text_.Peek(1) == '.';
    if (!is_sign && (is_range || !(ContinuesWord(c) || c == '.'))) return;
    token.text.push_back(static_cast<char>(c == 'E' ? 'e' : c));
    text_.Take();
  }
}

void SqlScanner::ReadMetaCommand(Token& token) {
  token.kind = TokenKind::kMetaCommand;
  text_.Take();
  absl::string_view line;
  if (text_.TakeLine(line)) token.text = std::string(absl::StripAsciiWhitespace(line));
}

absl::Status SqlScanner::Append(int c, Token& token) {
  if (c == '\0') return Error(text_.line(), "a NUL character: this is no plain dump");
  if (token.text.size() >= kTokenBytesMax) {
    token.is_cut = true;
    return absl::OkStatus();
  }
  if (AppendAsUtf8(mode_.encoding, static_cast<unsigned char>(c), token.text)) {
    return absl::OkStatus();
  }
  return Error(text_.line(), "a character that the dump's client_encoding does not have");
}

absl::Status SqlScanner::CheckText(Token& token) const {
  if (token.is_cut || utf8::is_valid(token.text.begin(), token.text.end())) return absl::OkStatus();
  return Error(token.line,
               "not UTF-8, as the dump's client_encoding says; make it anew with pg_dump "
               "--encoding=UTF8");
}

}  // namespace fairway::sql_dump
