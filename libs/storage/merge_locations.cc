#include "libs/storage/merge_locations.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

void Count(bool known, bool differs, MergedLocations& merged) {
  ++(!known ? merged.added_count : differs ? merged.changed_count : merged.unchanged_count);
}

absl::Status MergeRegions(const LocationChanges& changes, std::map<std::string, Region>& regions,
                          MergedLocations& merged) {
  std::set<absl::string_view> seen;
  for (const Region& region : changes.regions) {
    if (!seen.insert(region.slug).second) {
      return InvalidLocationError("regions.slug", region.slug, "the region is given twice");
    }
    const auto [known, is_new] = regions.try_emplace(region.slug, region);
    const bool differs = is_new || known->second != region;
    Count(!is_new, differs, merged);
    if (!differs) continue;
    merged.writes.regions.push_back(region);
    known->second = region;
  }
  return absl::OkStatus();
}

absl::Status MergePorts(const LocationChanges& changes, std::map<PortCode, Port>& ports,
                        MergedLocations& merged) {
  std::set<PortCode> seen;
  for (Port port : changes.ports) {
    if (!seen.insert(port.code).second) {
      return InvalidLocationError("ports.code", port.code.view(), "the port is given twice");
    }
    port.id = 0;
    const auto [known, is_new] = ports.try_emplace(port.code, port);
    port.id = known->second.id;
    const bool differs = is_new || known->second != port;
    Count(!is_new, differs, merged);
    if (!differs) continue;
    merged.writes.ports.push_back(port);
    known->second = std::move(port);
  }
  return absl::OkStatus();
}

template <typename Map>
auto Values(Map map) {
  std::vector<typename Map::mapped_type> values;
  for (auto& [key, value] : map) values.push_back(std::move(value));
  return values;
}

}  // namespace

absl::StatusOr<MergedLocations> MergeLocations(const StoredLocations& stored,
                                               const LocationChanges& changes) {
  std::map<std::string, Region> regions;
  for (const Region& region : stored.regions) regions.emplace(region.slug, region);
  std::map<PortCode, Port> ports;
  for (const Port& port : stored.ports) ports.emplace(port.code, port);

  MergedLocations merged;
  RETURN_IF_ERROR(MergeRegions(changes, regions, merged));
  RETURN_IF_ERROR(MergePorts(changes, ports, merged));
  if (regions.size() + ports.size() > limits::kLocationsMax) {
    return TooManyLocationsError(limits::kLocationsMax);
  }
  // A tree that builds holds together.
  RETURN_IF_ERROR(
      LocationTree::Build(Values(std::move(regions)), Values(std::move(ports))).status());
  return merged;
}

}  // namespace fairway
