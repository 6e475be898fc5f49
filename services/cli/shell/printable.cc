#include "services/cli/shell/printable.h"

#include <utf8.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace fairway::cli {
namespace {

bool IsHarmful(uint32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool is_direction = c == 0x61C || c == 0x200E || c == 0x200F ||
                            (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return is_control || is_direction;
}

void AppendEscaped(uint32_t c, std::string& text) {
  if (c == '\n') {
    text += "\\n";
  } else if (c == '\t') {
    text += "\\t";
  } else if (c < 0x80) {
    absl::StrAppendFormat(&text, "\\x%02x", c);
  } else {
    absl::StrAppendFormat(&text, "\\u%04x", c);
  }
}

std::string Escape(absl::string_view text, bool keeps_lines) {
  std::string escaped;
  escaped.reserve(text.size());
  const char* const end = text.data() + text.size();
  for (const char* position = text.data(); position != end;) {
    const char* next = position;
    uint32_t c = 0;
    if (utf8::internal::validate_next(next, end, c) != utf8::internal::UTF8_OK) {
      absl::StrAppendFormat(&escaped, "\\x%02x", static_cast<unsigned char>(*position++));
      continue;
    }
    if (!IsHarmful(c) || (keeps_lines && (c == '\n' || c == '\t'))) {
      escaped.append(position, next);
    } else {
      AppendEscaped(c, escaped);
    }
    position = next;
  }
  return escaped;
}

}  // namespace

std::string Printable(absl::string_view text) { return Escape(text, true); }

std::string PrintableLine(absl::string_view text) { return Escape(text, false); }

size_t IncompleteTail(absl::string_view text) {
  for (size_t length = 1; length <= std::min<size_t>(3, text.size()); ++length) {
    const auto byte = static_cast<unsigned char>(text[text.size() - length]);
    if ((byte & 0xC0) == 0x80) continue;  // Inside a character.
    const size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return size > length ? length : 0;
  }
  return 0;
}

}  // namespace fairway::cli
