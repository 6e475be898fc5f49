#include "libs/price_files/utf8.h"

#include <utf8.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "libs/base/utf8_prefix.h"
#include "libs/domain/limits.h"

namespace fairway::price_files {

bool IsUtf8(absl::string_view text) {
  unsigned char all_bits = 0;
  for (const char c : text) all_bits |= static_cast<unsigned char>(c);
  return all_bits < 0x80 || utf8::is_valid(text.begin(), text.end());  // Most text is ASCII.
}

std::string EscapedValue(absl::string_view text) {
  text = text.substr(0, limits::kRowErrorValueBytesMax + 4);
  std::string escaped;
  while (!text.empty()) {
    const auto valid =
        static_cast<size_t>(utf8::find_invalid(text.begin(), text.end()) - text.begin());
    absl::StrAppend(&escaped, text.substr(0, valid), absl::CHexEscape(text.substr(valid, 1)));
    text.remove_prefix(std::min(valid + 1, text.size()));
  }
  return std::string(Utf8Prefix(escaped, limits::kRowErrorValueBytesMax));
}

}  // namespace fairway::price_files
