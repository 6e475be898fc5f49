#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "libs/domain/dataset_version.h"
#include "libs/domain/location.h"

namespace fairway {

// All ports and regions: a forest of regions, limits::kRegionLevelsMax levels deep at most, with
// ports as leaves. Immutable once built, so any number of threads may read it.
class LocationTree {
 public:
  // The place of a region in regions().
  using RegionNumber = int32_t;

  // INVALID_LOCATION for a malformed or repeated code or slug, an unknown parent, a cycle, or a
  // region that lies too deep. `version`: the one that last changed a location.
  static absl::StatusOr<LocationTree> Build(std::vector<Region> regions, std::vector<Port> ports,
                                            const VersionId& version = {});

  LocationTree() = default;

  // Null when there is none.
  const Region* FindRegion(absl::string_view slug) const;
  const Port* FindPort(absl::string_view code) const;
  // Null unless a port has this number.
  const Port* FindPort(PortId id) const;

  // The ports a query for `location` means: the port itself or every port below the region,
  // ascending by id. LOCATION_NOT_FOUND when neither exists. The span lives as long as the tree.
  absl::StatusOr<absl::Span<const PortId>> PortsOf(absl::string_view location) const;

  // Slugs from the parent up to the root; empty for a root or an unknown location.
  std::vector<std::string> AncestorsOf(absl::string_view location) const;

  // The same by number, which takes no memory. None for an unknown location, and above a root.
  std::optional<RegionNumber> NumberOf(absl::string_view slug) const;
  std::optional<RegionNumber> ParentOf(RegionNumber region) const;
  std::optional<RegionNumber> ParentOf(const Port& port) const;
  std::optional<RegionNumber> RegionOfPort(PortId id) const;
  // Whether walking up from `region`, itself included, leads to `above`.
  bool LiesIn(std::optional<RegionNumber> region, RegionNumber above) const;

  // Whether all numbers, and what lies in what, are the same: only names may differ.
  bool HasShapeOf(const LocationTree& other) const;

  // Bytes of memory, roughly; the same for trees that hold the same.
  int64_t byte_count() const { return byte_count_; }

  // What port ids mean is decided by the history of this version.
  const VersionId& version() const { return version_; }
  absl::Span<const Region> regions() const { return regions_; }  // Ascending by slug.
  absl::Span<const Port> ports() const { return ports_; }        // Ascending by code.

 private:
  absl::Status IndexRegions();
  absl::Status IndexPorts();
  absl::Status FindParents();
  absl::Status CheckLevels() const;
  void CollectPorts();
  int64_t CountBytes() const;

  VersionId version_;
  std::vector<Region> regions_;
  std::vector<Port> ports_;
  absl::flat_hash_map<std::string, RegionNumber> region_index_;
  absl::flat_hash_map<PortCode, size_t> port_index_;
  absl::flat_hash_map<PortId, size_t> port_id_index_;
  std::vector<RegionNumber> region_parents_;      // By region; kNoParent above a root.
  std::vector<RegionNumber> port_parents_;        // By port.
  std::vector<std::vector<PortId>> ports_below_;  // By region.
  int64_t byte_count_ = 0;
};

}  // namespace fairway
