#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::cli {

// Makes text safe for terminals: escapes control characters, marks that change the direction of
// text, and bytes that are not UTF-8, as "\x1b" or "\u202e". Keeps line breaks and tabs.
std::string Printable(absl::string_view text);

// The same for a single line: escapes line breaks and tabs, too.
std::string PrintableLine(absl::string_view text);

// The number of bytes at the end that are the beginning of an incomplete character.
size_t IncompleteTail(absl::string_view text);

}  // namespace fairway::cli
