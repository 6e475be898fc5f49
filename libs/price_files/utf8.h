#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::price_files {

bool IsUtf8(absl::string_view text);

// `text` as the value of a row error: bytes that are not UTF-8 are escaped, "NLRT\xcd", and long
// text is cut to limits::kRowErrorValueBytesMax.
std::string EscapedValue(absl::string_view text);

}  // namespace fairway::price_files
