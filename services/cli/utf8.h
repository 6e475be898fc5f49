#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::cli {

bool IsUtf8(absl::string_view text);

// A text as a value of a row error: what is not UTF-8 is escaped, "NLRT\xcd", and what is long cut.
std::string ShownText(absl::string_view text);

}  // namespace fairway::cli
