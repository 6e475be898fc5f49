#include "libs/domain/region_levels.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/domain/limits.h"

namespace fairway {

// Each region is walked over once: from a region that was seen before on, everything is known.
std::optional<LevelFault> FindLevelFault(absl::Span<const int32_t> parents) {
  constexpr int kOnTheWay = -1;
  std::vector<int> levels(parents.size(), 0);  // 0: not seen yet.
  std::vector<int32_t> way;
  for (size_t i = 0; i < parents.size(); ++i) {
    int32_t region = static_cast<int32_t>(i);
    for (; region != kNoParent && levels[region] == 0; region = parents[region]) {
      levels[region] = kOnTheWay;
      way.push_back(region);
    }
    if (region != kNoParent && levels[region] == kOnTheWay) {
      return LevelFault{.region = static_cast<size_t>(region)};
    }
    int level = region == kNoParent ? 0 : levels[region];
    for (; !way.empty(); way.pop_back()) {
      levels[way.back()] = ++level;
      if (level <= limits::kRegionLevelsMax) continue;
      return LevelFault{.region = static_cast<size_t>(way.back()), .level = level};
    }
  }
  return std::nullopt;
}

std::string LevelFault::Describe() const {
  if (level == 0) return "lies inside itself";
  return absl::StrCat("lies on level ", level, "; a tree of regions has at most ",
                      limits::kRegionLevelsMax, " levels");
}

}  // namespace fairway
