#include "libs/sql_dump/check_regions.h"

#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "libs/domain/region_levels.h"

namespace fairway::sql_dump {

std::pair<absl::Status, int64_t> CheckRegions(const std::vector<DumpLocation>& regions,
                                              const std::vector<DumpLocation>& ports) {
  absl::flat_hash_map<absl::string_view, int32_t> places;
  for (const DumpLocation& region : regions) {
    places.emplace(region.code, static_cast<int32_t>(places.size()));
  }
  std::vector<int32_t> parents;
  for (const std::vector<DumpLocation>* locations : {&regions, &ports}) {
    for (const DumpLocation& location : *locations) {
      const auto parent = places.find(location.parent);
      if (!location.parent.empty() && parent == places.end()) {
        return {absl::InvalidArgumentError(absl::StrCat("no region is called ", location.parent,
                                                        ", the parent of ", location.code)),
                location.line};
      }
      if (locations != &regions) continue;
      parents.push_back(parent == places.end() ? kNoParent : parent->second);
    }
  }
  const std::optional<LevelFault> fault = FindLevelFault(parents);
  if (!fault) return {absl::OkStatus(), 0};
  const DumpLocation& region = regions[fault->region];
  return {
      absl::InvalidArgumentError(absl::StrCat("the region ", region.code, " ", fault->Describe())),
      region.line};
}

}  // namespace fairway::sql_dump
