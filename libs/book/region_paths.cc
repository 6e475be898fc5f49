#include "libs/book/region_paths.h"

namespace fairway {

RegionPaths::RegionPaths(const LocationTree& tree) {
  for (const Port& port : tree.ports()) region_of_port_[port.id] = *NumberOf(tree, port.parent);
  for (const Region& region : tree.regions()) {
    std::vector<int32_t>& path = paths_.emplace_back();
    path.push_back(*NumberOf(tree, region.slug));
    for (const std::string& slug : tree.AncestorsOf(region.slug)) {
      path.push_back(*NumberOf(tree, slug));
    }
  }
}

std::optional<int32_t> RegionPaths::NumberOf(const LocationTree& tree, absl::string_view slug) {
  const Region* region = tree.FindRegion(slug);
  if (region == nullptr) return std::nullopt;
  return static_cast<int32_t>(region - tree.regions().data());
}

std::optional<int32_t> RegionPaths::RegionOf(PortId port) const {
  const auto found = region_of_port_.find(port);
  if (found == region_of_port_.end()) return std::nullopt;
  return found->second;
}

}  // namespace fairway
