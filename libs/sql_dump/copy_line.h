#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/sql_dump/client_encoding.h"

namespace fairway::sql_dump {

// A value as a dump has it.
struct Field {
  std::string text;
  bool is_null = false;
  bool is_number = false;  // A number without quotes, in an INSERT.
};

// Reads a line of a COPY block (PostgreSQL, "COPY", text format) into one field for each column:
// fields are separated by tabs, \N is null, backslashes escape. Any other number of fields is an
// error, as is text that is not in the encoding. `fields` is reused from line to line. The error
// has no line: the caller does.
absl::Status ReadCopyLine(absl::string_view line, const ClientEncoding& encoding,
                          size_t column_count, std::vector<Field>& fields);

// Whether the line ends in a backslash that escapes the line break behind it.
bool GoesOnBehindLineBreak(absl::string_view line);

}  // namespace fairway::sql_dump
