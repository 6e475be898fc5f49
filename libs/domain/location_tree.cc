#include "libs/domain/location_tree.h"

#include <algorithm>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/region_levels.h"
#include "libs/domain/region_slug.h"

namespace fairway {

absl::StatusOr<LocationTree> LocationTree::Build(std::vector<Region> regions,
                                                 std::vector<Port> ports,
                                                 const VersionId& version) {
  LocationTree tree;
  tree.version_ = version;
  tree.regions_ = std::move(regions);
  tree.ports_ = std::move(ports);
  RETURN_IF_ERROR(tree.IndexRegions());
  RETURN_IF_ERROR(tree.IndexPorts());
  RETURN_IF_ERROR(tree.FindParents());
  RETURN_IF_ERROR(tree.CheckLevels());
  tree.CollectPorts();
  tree.byte_count_ = tree.CountBytes();
  return tree;
}

absl::Status LocationTree::IndexRegions() {
  std::sort(regions_.begin(), regions_.end(),
            [](const Region& a, const Region& b) { return a.slug < b.slug; });
  region_index_.reserve(regions_.size());
  for (size_t i = 0; i < regions_.size(); ++i) {
    const Region& region = regions_[i];
    RETURN_IF_ERROR(CheckRegionSlug("regions.slug", region.slug));
    if (!region_index_.emplace(region.slug, static_cast<RegionNumber>(i)).second) {
      return InvalidLocationError("regions.slug", region.slug, "the region is given twice");
    }
  }
  return absl::OkStatus();
}

absl::Status LocationTree::IndexPorts() {
  std::sort(ports_.begin(), ports_.end(),
            [](const Port& a, const Port& b) { return a.code < b.code; });
  port_index_.reserve(ports_.size());
  port_id_index_.reserve(ports_.size());
  for (size_t i = 0; i < ports_.size(); ++i) {
    const Port& port = ports_[i];
    if (!port_index_.emplace(port.code, i).second) {
      return InvalidLocationError("ports.code", port.code.view(), "the port is given twice");
    }
    if (port.id != 0) port_id_index_.emplace(port.id, i);
  }
  return absl::OkStatus();
}

absl::Status LocationTree::FindParents() {
  region_parents_.assign(regions_.size(), kNoParent);
  for (size_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i].parent) continue;
    const std::optional<RegionNumber> parent = NumberOf(*regions_[i].parent);
    if (!parent) {
      return UnknownParentError("regions.parent", *regions_[i].parent, regions_[i].slug);
    }
    region_parents_[i] = *parent;
  }
  port_parents_.reserve(ports_.size());
  for (const Port& port : ports_) {
    const std::optional<RegionNumber> parent = NumberOf(port.parent);
    if (!parent) {
      return UnknownParentError("ports.parent", port.parent, port.code.view());
    }
    port_parents_.push_back(*parent);
  }
  return absl::OkStatus();
}

absl::Status LocationTree::CheckLevels() const {
  const std::optional<LevelFault> fault = FindLevelFault(region_parents_);
  if (!fault) return absl::OkStatus();
  const Region& region = regions_[fault->region];
  if (fault->level == 0) return RegionInItselfError(region.slug, *region.parent);
  return RegionTooDeepError(region.slug, fault->level);
}

void LocationTree::CollectPorts() {
  ports_below_.resize(regions_.size());
  for (size_t i = 0; i < ports_.size(); ++i) {
    for (RegionNumber region = port_parents_[i]; region != kNoParent;
         region = region_parents_[region]) {
      ports_below_[region].push_back(ports_[i].id);
    }
  }
  for (std::vector<PortId>& ids : ports_below_) {
    std::sort(ids.begin(), ids.end());
    ids.shrink_to_fit();
  }
}

int64_t LocationTree::CountBytes() const {
  // What an index and the allocator add to an entry.
  constexpr size_t kIndexBytes = 32;
  size_t bytes = sizeof(*this);
  for (const Region& region : regions_) {
    bytes += sizeof(region) + 2 * region.slug.size() + region.name.size() + kIndexBytes +
             sizeof(std::string) + (region.parent ? region.parent->size() : 0);
  }
  for (const Port& port : ports_) {
    bytes += sizeof(port) + port.name.size() + port.parent.size() + 2 * kIndexBytes;
  }
  for (const std::vector<PortId>& ids : ports_below_) {
    bytes += sizeof(std::vector<PortId>) + ids.size() * sizeof(PortId);
  }
  bytes += (region_parents_.size() + port_parents_.size()) * sizeof(RegionNumber);
  return static_cast<int64_t>(bytes);
}

const Region* LocationTree::FindRegion(absl::string_view slug) const {
  const std::optional<RegionNumber> number = NumberOf(slug);
  return number ? &regions_[*number] : nullptr;
}

const Port* LocationTree::FindPort(absl::string_view code) const {
  if (!PortCode::IsValid(code)) return nullptr;  // Quicker than to learn what is wrong with it.
  const auto found = port_index_.find(*PortCode::Parse(code));
  return found == port_index_.end() ? nullptr : &ports_[found->second];
}

const Port* LocationTree::FindPort(PortId id) const {
  const auto found = port_id_index_.find(id);
  return found == port_id_index_.end() ? nullptr : &ports_[found->second];
}

absl::StatusOr<absl::Span<const PortId>> LocationTree::PortsOf(absl::string_view location) const {
  if (const Port* port = FindPort(location)) return absl::MakeConstSpan(&port->id, 1);
  const std::optional<RegionNumber> region = NumberOf(location);
  if (!region) return LocationNotFoundError(location);
  return absl::MakeConstSpan(ports_below_[*region]);
}

std::vector<std::string> LocationTree::AncestorsOf(absl::string_view location) const {
  std::optional<RegionNumber> above;
  if (const Port* port = FindPort(location)) {
    above = ParentOf(*port);
  } else if (const auto region = NumberOf(location)) {
    above = ParentOf(*region);
  }
  std::vector<std::string> ancestors;
  for (; above; above = ParentOf(*above)) ancestors.push_back(regions_[*above].slug);
  return ancestors;
}

std::optional<LocationTree::RegionNumber> LocationTree::NumberOf(absl::string_view slug) const {
  const auto found = region_index_.find(slug);
  if (found == region_index_.end()) return std::nullopt;
  return found->second;
}

std::optional<LocationTree::RegionNumber> LocationTree::ParentOf(RegionNumber region) const {
  const RegionNumber parent = region_parents_[region];
  if (parent == kNoParent) return std::nullopt;
  return parent;
}

std::optional<LocationTree::RegionNumber> LocationTree::ParentOf(const Port& port) const {
  return port_parents_[&port - ports_.data()];
}

std::optional<LocationTree::RegionNumber> LocationTree::RegionOfPort(PortId id) const {
  const Port* port = FindPort(id);
  if (port == nullptr) return std::nullopt;
  return ParentOf(*port);
}

bool LocationTree::LiesIn(std::optional<RegionNumber> region, RegionNumber above) const {
  while (region && *region != above) region = ParentOf(*region);
  return region.has_value();
}

bool LocationTree::HasShapeOf(const LocationTree& other) const {
  return region_parents_ == other.region_parents_ && port_parents_ == other.port_parents_ &&
         std::equal(regions_.begin(), regions_.end(), other.regions_.begin(), other.regions_.end(),
                    [](const Region& a, const Region& b) { return a.slug == b.slug; }) &&
         std::equal(ports_.begin(), ports_.end(), other.ports_.begin(), other.ports_.end(),
                    [](const Port& a, const Port& b) { return a.id == b.id && a.code == b.code; });
}

}  // namespace fairway
