#include "libs/config/suggestion.h"

#include <algorithm>
#include <cstddef>

namespace fairway::config {
namespace {

constexpr size_t kEditsMax = 2;

// The number of edits between two words (optimal string alignment).
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<std::vector<size_t>> edits(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        edits[i][j] = i + j;
        continue;
      }
      const size_t replaced = edits[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      edits[i][j] = std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
      }
    }
  }
  return edits[a.size()][b.size()];
}

}  // namespace

std::string ClosestName(absl::string_view word, const std::vector<std::string>& candidates) {
  std::string closest;
  size_t fewest = kEditsMax + 1;
  for (const std::string& candidate : candidates) {
    if (word.size() > candidate.size() + kEditsMax) continue;
    const size_t edits = EditDistance(word, candidate);
    if (edits < fewest && 2 * edits < candidate.size()) {
      fewest = edits;
      closest = candidate;
    }
  }
  return closest;
}

}  // namespace fairway::config
