#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::sql_dump {

// FILE_CONTENT: "NAME:LINE: what", with the line as metadata "line". Line 0 is the dump as a whole.
absl::Status DumpError(absl::string_view name, int64_t line, absl::string_view what);

// Whether an error does not say yet where it is: the reader of statements adds their line.
bool IsWithoutPlace(const absl::Status& status);

}  // namespace fairway::sql_dump
