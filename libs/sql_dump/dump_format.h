#pragma once

#include "absl/status/status.h"

#include "libs/sql_dump/dump_text.h"

namespace fairway::sql_dump {

// Looks at what a dump begins with: FILE_CONTENT, by name and with the way to make a plain one, for
// pg_dump's other formats, UTF-16, and archives. Skips a byte order mark.
absl::Status CheckFormat(DumpText& text);

}  // namespace fairway::sql_dump
