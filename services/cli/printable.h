#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::cli {

// Text as a terminal may have it: whatever could move its cursor, change its settings or turn the
// direction of writing becomes visible, "\x1b" or "\u202e", as do bytes that are not UTF-8. Line
// breaks and tabs stay.
std::string Printable(absl::string_view text);

// The same for what belongs into one line: "\n" and "\t" as well.
std::string PrintableLine(absl::string_view text);

// How many bytes at the end are the beginning of a character that is not whole yet.
size_t IncompleteTail(absl::string_view text);

}  // namespace fairway::cli
