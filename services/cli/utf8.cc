#include "services/cli/utf8.h"

#include <utf8.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "libs/base/utf8_prefix.h"
#include "libs/domain/limits.h"

namespace fairway::cli {

bool IsUtf8(absl::string_view text) {
  unsigned char all_bits = 0;
  for (const char c : text) all_bits |= static_cast<unsigned char>(c);
  return all_bits < 0x80 || utf8::is_valid(text.begin(), text.end());  // ASCII is the usual.
}

std::string ShownText(absl::string_view text) {
  text = text.substr(0, limits::kRowErrorValueBytesMax + 4);
  std::string shown;
  while (!text.empty()) {
    const auto valid =
        static_cast<size_t>(utf8::find_invalid(text.begin(), text.end()) - text.begin());
    absl::StrAppend(&shown, text.substr(0, valid), absl::CHexEscape(text.substr(valid, 1)));
    text.remove_prefix(std::min(valid + 1, text.size()));
  }
  return std::string(Utf8Prefix(shown, limits::kRowErrorValueBytesMax));
}

}  // namespace fairway::cli
