#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace fairway::sql_dump {

// Whether `c` is a digit of this base, 8 or 16.
bool IsDigitOf(int base, int c);

// "1f" in base 16 is 31. Eight digits at most.
uint32_t ValueOf(absl::string_view digits, int base);

// What \b, \f, \n, \r, \t and \v stand for; NUL for every other letter.
char ControlOf(int letter);

// Appends a Unicode character as UTF-8; false when there is no such character.
bool AppendCodePoint(uint32_t code_point, std::string& text);

}  // namespace fairway::sql_dump
