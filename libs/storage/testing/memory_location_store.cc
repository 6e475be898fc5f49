#include "libs/storage/testing/memory_location_store.h"

#include <map>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/storage/merge_locations.h"

namespace fairway::testing {
namespace {

absl::StatusOr<LocationTree> Apply(const LocationTree& tree, LocationChanges writes,
                                   PortId& last_port_id, const VersionId& version) {
  std::map<std::string, Region> regions;
  for (const Region& region : tree.regions()) regions[region.slug] = region;
  for (Region& region : writes.regions) regions[region.slug] = region;
  std::map<PortCode, Port> ports;
  for (const Port& port : tree.ports()) ports.insert_or_assign(port.code, port);
  for (Port& port : writes.ports) {
    if (port.id == 0) port.id = ++last_port_id;
    ports.insert_or_assign(port.code, port);
  }
  std::vector<Region> all_regions;
  for (auto& [slug, region] : regions) all_regions.push_back(region);
  std::vector<Port> all_ports;
  for (auto& [code, port] : ports) all_ports.push_back(port);
  return LocationTree::Build(std::move(all_regions), std::move(all_ports), version);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const LocationTree>> MemoryLocationStore::ReadTree(
    const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  return dataset_->content.tree;
}

absl::StatusOr<LocationImport> MemoryLocationStore::Import(const LocationChanges& changes,
                                                           const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  const LocationTree& tree = *dataset_->content.tree;
  ASSIGN_OR_RETURN(MergedLocations merged,
                   MergeLocations({.regions = {tree.regions().begin(), tree.regions().end()},
                                   .ports = {tree.ports().begin(), tree.ports().end()}},
                                  changes));
  if (merged.added_count + merged.changed_count > 0) {
    const VersionId version = dataset_->Bump(CommitKind::kLocations, std::nullopt);
    ASSIGN_OR_RETURN(LocationTree changed, Apply(tree, std::move(merged.writes),
                                                 dataset_->content.last_port_id, version));
    dataset_->content.tree = std::make_shared<LocationTree>(std::move(changed));
  }
  return LocationImport{.version = dataset_->content.version,
                        .added_count = merged.added_count,
                        .changed_count = merged.changed_count,
                        .unchanged_count = merged.unchanged_count};
}

}  // namespace fairway::testing
