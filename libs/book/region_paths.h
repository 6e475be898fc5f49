#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

#include "libs/domain/location_tree.h"

namespace fairway {

// The regions of a tree by number, their place in LocationTree::regions(), and what lies above
// what. Borrows nothing.
class RegionPaths {
 public:
  explicit RegionPaths(const LocationTree& tree);

  // The number of a region; none when there is no such region.
  static std::optional<int32_t> NumberOf(const LocationTree& tree, absl::string_view slug);

  // The region a port lies in; none when there is no such port.
  std::optional<int32_t> RegionOf(PortId port) const;
  // The region itself and all above it.
  absl::Span<const int32_t> PathOf(int32_t region) const {
    return paths_[static_cast<size_t>(region)];
  }

 private:
  absl::flat_hash_map<PortId, int32_t> region_of_port_;
  std::vector<std::vector<int32_t>> paths_;  // By number.
};

}  // namespace fairway
