#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace fairway::cli {

inline constexpr size_t kFileKindBytes = 4096;

// What a file is that is no text of lines in UTF-8, judged by its first kFileKindBytes once they
// are decompressed, and what to do about it: "it is a zip archive: unpack it first". "" for text.
std::string ForeignFileKind(absl::string_view start);

}  // namespace fairway::cli
