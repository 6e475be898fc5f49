#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::cli {

// A field of a CSV report. A spreadsheet would compute what begins with =, +, -, @, a tab or a line
// break: an apostrophe in front makes it text. A report may be shown on a terminal, so it is
// Printable().
std::string ReportField(absl::string_view text);

}  // namespace fairway::cli
