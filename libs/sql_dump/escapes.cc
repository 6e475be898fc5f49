#include "libs/sql_dump/escapes.h"

#include <utf8.h>

#include <iterator>

namespace fairway::sql_dump {

bool IsDigitOf(int base, int c) {
  if (base == 8) return c >= '0' && c <= '7';
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

uint32_t ValueOf(absl::string_view digits, int base) {
  uint32_t value = 0;
  for (const char c : digits) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
  }
  return value;
}

char ControlOf(int letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return '\0';
  }
}

bool AppendCodePoint(uint32_t code_point, std::string& text) {
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point > 0x10FFFF || is_surrogate) return false;
  utf8::unchecked::append(code_point, std::back_inserter(text));
  return true;
}

}  // namespace fairway::sql_dump
