#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::price_files {

// Reasons of errors of files. Services return none of them.
inline constexpr absl::string_view kFileReason = "LOCAL_FILE";
inline constexpr absl::string_view kContentReason = "FILE_CONTENT";
inline constexpr absl::string_view kRowsReason = "INVALID_ROWS";  // See LineErrors.

// LOCAL_FILE: a file cannot be opened, read or written. "PATH: what".
absl::Status FileError(absl::string_view path, absl::string_view what);

// FILE_CONTENT: a file was read, but does not have the content it should have. "PATH:LINE: what";
// the line is also in the metadata, as "line". Line 0 stands for the file as a whole.
absl::Status ContentError(absl::string_view path, int64_t line, absl::string_view what);

}  // namespace fairway::price_files
