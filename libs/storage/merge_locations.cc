#include "libs/storage/merge_locations.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

void Count(bool known, bool differs, MergedLocations& merged) {
  ++(!known ? merged.added_count : differs ? merged.changed_count : merged.unchanged_count);
}

// The path of a field in the request: "regions[3].parent".
std::string PathOf(absl::string_view list, size_t place, absl::string_view field) {
  return absl::StrCat(list, "[", place, "].", field);
}

absl::Status MergeRegions(const LocationChanges& changes, std::map<std::string, Region>& regions,
                          MergedLocations& merged) {
  std::set<absl::string_view> seen;
  for (size_t i = 0; i < changes.regions.size(); ++i) {
    const Region& region = changes.regions[i];
    if (!seen.insert(region.slug).second) {
      return InvalidLocationError(PathOf("regions", i, "slug"), region.slug,
                                  "the region is given twice");
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
  for (size_t i = 0; i < changes.ports.size(); ++i) {
    Port port = changes.ports[i];
    if (!seen.insert(port.code).second) {
      return InvalidLocationError(PathOf("ports", i, "code"), port.code.view(),
                                  "the port is given twice");
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

// All of them at once, unlike LocationTree::Build().
absl::Status CheckParents(const LocationChanges& changes,
                          const std::map<std::string, Region>& regions) {
  FieldErrors errors;
  for (size_t i = 0; i < changes.regions.size(); ++i) {
    const Region& region = changes.regions[i];
    if (!region.parent || regions.contains(*region.parent)) continue;
    errors.Add(UnknownParentError(PathOf("regions", i, "parent"), *region.parent, region.slug));
  }
  for (size_t i = 0; i < changes.ports.size(); ++i) {
    const Port& port = changes.ports[i];
    if (regions.contains(port.parent)) continue;
    errors.Add(UnknownParentError(PathOf("ports", i, "parent"), port.parent, port.code.view()));
  }
  return errors.status();
}

template <typename Map>
auto Values(Map map) {
  std::vector<typename Map::mapped_type> values;
  for (auto& [key, value] : map) values.push_back(std::move(value));
  return values;
}

// The tree names a region that lies too deep or in itself, which may be a stored one. Then a change
// to a region above it is the cause: what is stored held together.
absl::Status NameChange(const absl::Status& error, const StoredLocations& stored,
                        const LocationChanges& changes) {
  ErrorDetails details = DetailsOf(error);
  if (details.metadata.empty() || details.field_violations.empty()) return error;
  std::map<absl::string_view, absl::string_view> parents;
  for (const Region& region : stored.regions) {
    if (region.parent) parents.emplace(region.slug, *region.parent);
  }
  std::map<absl::string_view, size_t> places;
  for (size_t i = 0; i < changes.regions.size(); ++i) places.emplace(changes.regions[i].slug, i);
  absl::string_view slug = details.metadata.front().second;
  for (size_t steps = 0; !places.contains(slug) && steps < parents.size(); ++steps) {
    slug = parents[slug];
  }
  const auto place = places.find(slug);
  if (place == places.end()) return error;
  FieldViolation& violation = details.field_violations.front();
  violation.field = absl::StrReplaceAll(
      violation.field, {{"regions.", absl::StrCat("regions[", place->second, "].")}});
  return MakeError(error.code(), absl::StrCat(violation.field, ": ", violation.description),
                   details);
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
  RETURN_IF_ERROR(CheckParents(changes, regions));
  if (regions.size() + ports.size() > limits::kLocationsMax) {
    return TooManyLocationsError(limits::kLocationsMax);
  }
  // A tree that builds holds together.
  const absl::Status tree =
      LocationTree::Build(Values(std::move(regions)), Values(std::move(ports))).status();
  if (!tree.ok()) return NameChange(tree, stored, changes);
  return merged;
}

}  // namespace fairway
