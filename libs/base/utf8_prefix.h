#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace fairway {

// The beginning of `text`, `bytes_max` long at most, cut before a character rather than inside it.
inline absl::string_view Utf8Prefix(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (text[bytes_max] & 0xC0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace fairway
