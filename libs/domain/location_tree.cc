#include "libs/domain/location_tree.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
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
  RETURN_IF_ERROR(tree.CollectPorts());
  return tree;
}

absl::Status LocationTree::IndexRegions() {
  std::sort(regions_.begin(), regions_.end(),
            [](const Region& a, const Region& b) { return a.slug < b.slug; });
  for (size_t i = 0; i < regions_.size(); ++i) {
    const Region& region = regions_[i];
    if (!IsValidRegionSlug(region.slug)) {
      return InvalidLocationError("regions.slug", region.slug,
                                  "a region slug is a lower-case letter, then lower-case letters, "
                                  "digits, '_' or '-'");
    }
    if (!region_index_.emplace(region.slug, i).second) {
      return InvalidLocationError("regions.slug", region.slug, "the region is given twice");
    }
  }
  for (const Region& region : regions_) {
    if (region.parent && !region_index_.contains(*region.parent)) {
      return InvalidLocationError("regions.parent", *region.parent,
                                  absl::StrCat("no such region; parent of ", region.slug));
    }
  }
  return absl::OkStatus();
}

absl::Status LocationTree::IndexPorts() {
  std::sort(ports_.begin(), ports_.end(),
            [](const Port& a, const Port& b) { return a.code < b.code; });
  for (size_t i = 0; i < ports_.size(); ++i) {
    const Port& port = ports_[i];
    if (!port_index_.emplace(port.code, i).second) {
      return InvalidLocationError("ports.code", port.code.view(), "the port is given twice");
    }
    if (!region_index_.contains(port.parent)) {
      return InvalidLocationError("ports.parent", port.parent,
                                  absl::StrCat("no such region; parent of ", port.code.view()));
    }
    if (port.id != 0) port_id_index_.emplace(port.id, i);
  }
  return absl::OkStatus();
}

absl::Status LocationTree::CollectPorts() {
  ports_below_.resize(regions_.size());
  // A walk from a region to its root that is longer than there are regions goes round in circles.
  for (const Region& region : regions_) {
    if (AncestorsOf(region.slug).size() >= regions_.size()) {
      return InvalidLocationError("regions.parent", *region.parent,
                                  absl::StrCat("region ", region.slug, " lies inside itself"));
    }
  }
  for (const Port& port : ports_) {
    for (std::optional<std::string> slug = port.parent; slug;) {
      const size_t region = region_index_.at(*slug);
      ports_below_[region].push_back(port.id);
      slug = regions_[region].parent;
    }
  }
  for (std::vector<PortId>& ids : ports_below_) std::sort(ids.begin(), ids.end());
  return absl::OkStatus();
}

const Region* LocationTree::FindRegion(absl::string_view slug) const {
  const auto found = region_index_.find(slug);
  return found == region_index_.end() ? nullptr : &regions_[found->second];
}

const Port* LocationTree::FindPort(absl::string_view code) const {
  const absl::StatusOr<PortCode> parsed = PortCode::Parse(code);
  if (!parsed.ok()) return nullptr;
  const auto found = port_index_.find(*parsed);
  return found == port_index_.end() ? nullptr : &ports_[found->second];
}

const Port* LocationTree::FindPort(PortId id) const {
  const auto found = port_id_index_.find(id);
  return found == port_id_index_.end() ? nullptr : &ports_[found->second];
}

absl::StatusOr<absl::Span<const PortId>> LocationTree::PortsOf(absl::string_view location) const {
  if (const Port* port = FindPort(location)) return absl::MakeConstSpan(&port->id, 1);
  const auto region = region_index_.find(location);
  if (region == region_index_.end()) return LocationNotFoundError(location);
  return absl::MakeConstSpan(ports_below_[region->second]);
}

std::vector<std::string> LocationTree::AncestorsOf(absl::string_view location) const {
  std::vector<std::string> ancestors;
  std::optional<std::string> parent;
  if (const Port* port = FindPort(location)) {
    parent = port->parent;
  } else if (const Region* region = FindRegion(location)) {
    parent = region->parent;
  }
  while (parent && ancestors.size() < regions_.size()) {
    ancestors.push_back(*parent);
    parent = FindRegion(*parent)->parent;
  }
  return ancestors;
}

}  // namespace fairway
