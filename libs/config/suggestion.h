#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fairway::config {

// The candidate that `word` is probably a misspelling of: it differs by at most two edits, and by
// less than half of its letters. An edit inserts, deletes or replaces a letter, or swaps two
// neighbours. "" if there is none.
std::string ClosestName(absl::string_view word, const std::vector<std::string>& candidates);

}  // namespace fairway::config
