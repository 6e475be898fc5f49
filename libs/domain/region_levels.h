#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"

namespace fairway {

// What is wrong with where a region lies.
struct LevelFault {
  size_t region = 0;  // Its place in what was checked.
  int level = 0;      // Too deep, from 1; 0 when the region lies inside itself.

  // What the region does: "lies inside itself".
  std::string Describe() const;
};

inline constexpr int32_t kNoParent = -1;

// The first region that lies inside itself, or deeper than limits::kRegionLevelsMax. `parents`: by
// region the place of its parent, kNoParent for a root.
std::optional<LevelFault> FindLevelFault(absl::Span<const int32_t> parents);

}  // namespace fairway
