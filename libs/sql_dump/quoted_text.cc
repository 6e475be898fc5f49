// What stands between quotes: the part of SqlScanner for the three kinds of them.
#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/sql_dump/escapes.h"
#include "libs/sql_dump/sql_scanner.h"

namespace fairway::sql_dump {
namespace {

constexpr int kNoMore = DumpText::kEnd;

bool IsTagCharacter(int c, bool is_first) {
  if (c == kNoMore) return false;
  return c >= 0x80 || c == '_' || absl::ascii_isalpha(static_cast<unsigned char>(c)) ||
         (!is_first && c >= '0' && c <= '9');
}

}  // namespace

absl::Status SqlScanner::ReadQuoted(char quote, bool escapes, Token& token) {
  token.kind = quote == '"' ? TokenKind::kQuotedName : TokenKind::kString;
  text_.Take();
  while (true) {
    const int c = text_.Take();
    if (c == kNoMore) {
      return Error(token.line, "the file ends within the quotes that are opened here");
    }
    if (c == quote) {
      if (text_.Peek() != quote) return CheckText(token);
      text_.Take();
    }
    if (c == '\\' && escapes) {
      RETURN_IF_ERROR(ReadEscape(token));
    } else {
      RETURN_IF_ERROR(Append(c, token));
    }
  }
}

// Behind the backslash of E'…'.
absl::Status SqlScanner::ReadEscape(Token& token) {
  std::string bytes;
  const auto take_digits = [&](int base, size_t most) {
    std::string digits;
    while (digits.size() < most && IsDigitOf(base, text_.Peek())) {
      digits.push_back(static_cast<char>(text_.Take()));
    }
    return digits;
  };
  const int64_t line = text_.line();
  const int c = text_.Take();
  if (c == kNoMore)
    return Error(token.line, "the file ends within the quotes that are opened here");
  if (c == 'u' || c == 'U') {
    const size_t length = c == 'u' ? 4 : 8;
    const std::string digits = take_digits(16, length);
    if (digits.size() != length || !AppendCodePoint(ValueOf(digits, 16), bytes)) {
      return Error(line, "a \\u escape that names no character");
    }
  } else if (IsDigitOf(8, c)) {
    bytes.push_back(
        static_cast<char>(ValueOf(std::string(1, static_cast<char>(c)) + take_digits(8, 2), 8)));
  } else if (c == 'x' && IsDigitOf(16, text_.Peek())) {
    bytes.push_back(static_cast<char>(ValueOf(take_digits(16, 2), 16)));
  } else if (const char control = ControlOf(c); control != '\0' && c != 'v') {
    bytes.push_back(control);
  } else {
    return Append(c, token);
  }
  if (bytes[0] == '\0') return Error(line, "an escape stands for NUL, which no text may hold");
  if (token.text.size() >= kTokenBytesMax) {
    token.is_cut = true;
  } else {
    token.text += bytes;
  }
  return absl::OkStatus();
}

// "$$" or "$tag$"; "$1" is a parameter.
bool SqlScanner::IsDollarQuote() {
  constexpr size_t kTagBytesMax = 128;
  for (size_t i = 1; i < kTagBytesMax; ++i) {
    if (text_.Peek(i) == '$') return true;
    if (!IsTagCharacter(text_.Peek(i), i == 1)) return false;
  }
  return false;
}

absl::Status SqlScanner::ReadDollarQuoted(Token& token) {
  token.kind = TokenKind::kString;
  std::string tag(1, static_cast<char>(text_.Take()));
  while (tag.size() == 1 || tag.back() != '$') tag.push_back(static_cast<char>(text_.Take()));
  std::string end;  // As much of the closing tag as was just read.
  while (end != tag) {
    const int c = text_.Take();
    if (c == kNoMore) {
      return Error(token.line, absl::StrCat("the text that ", tag, " opens here is not closed"));
    }
    if (c == '$' || (!end.empty() && end.size() < tag.size() && c == tag[end.size()])) {
      if (c == '$' && (end.size() + 1 != tag.size() || end.empty())) {
        for (const char held : end)
          RETURN_IF_ERROR(Append(static_cast<unsigned char>(held), token));
        end.clear();
      }
      end.push_back(static_cast<char>(c));
      continue;
    }
    for (const char held : end) RETURN_IF_ERROR(Append(static_cast<unsigned char>(held), token));
    end.clear();
    RETURN_IF_ERROR(Append(c, token));
  }
  return CheckText(token);
}

}  // namespace fairway::sql_dump
