#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace fairway::price_files {

inline constexpr size_t kFileKindBytes = 4096;

// Recognises files that are not lines of UTF-8 text by their first kFileKindBytes, decompressed.
// Returns the kind, with advice: "it is a zip archive: unpack it first"; "" for text.
std::string ForeignFileKind(absl::string_view start);

}  // namespace fairway::price_files
