#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::cli {

// The day that a text of another form means, as YYYY-MM-DD: 2026-03-01 for 01.03.2026, 2026/3/1 and
// 20260301. "" for what is no day, and where day and month may be exchanged: 3/1/2026.
std::string IsoDayOf(absl::string_view text);

}  // namespace fairway::cli
