#include "services/cli/location_moves.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace fairway::cli {
namespace {

constexpr int kNamedMovesMax = 3;

std::string ParentName(const std::string& parent) { return parent.empty() ? "the top" : parent; }

class Moves {
 public:
  explicit Moves(const std::vector<v1::Location>& held) {
    for (const v1::Location& location : held) parents_.emplace(location.code(), location.parent());
  }

  void Add(const std::string& code, const std::string& parent, int& count) {
    const auto found = parents_.find(code);
    if (found == parents_.end() || found->second == parent) return;
    if (named_ < kNamedMovesMax) {
      absl::StrAppend(&names_, named_ == 0 ? "" : ", ", code, " from ", ParentName(found->second),
                      " to ", ParentName(parent));
    }
    ++named_;
    ++count;
  }

  std::string names() const { return named_ > kNamedMovesMax ? names_ + ", …" : names_; }

 private:
  absl::flat_hash_map<std::string, std::string> parents_;
  std::string names_;
  int named_ = 0;
};

// The parents of locations.
class Parents {
 public:
  void SetParent(const std::string& code, const std::string& parent, bool is_port) {
    parents_[code] = parent;
    if (is_port) ports_.insert(code);
  }

  absl::flat_hash_set<std::string> RegionsWithPorts() const {
    absl::flat_hash_set<std::string> regions;
    for (const std::string& port : ports_) {
      auto above = parents_.find(port);
      // All regions above one that is in the set are in it, too.
      while (above != parents_.end() && regions.insert(above->second).second) {
        above = parents_.find(above->second);
      }
    }
    return regions;
  }

 private:
  absl::flat_hash_map<std::string, std::string> parents_;
  absl::flat_hash_set<std::string> ports_;
};

// "; no ports remain in north_europe, …", or "".
std::string DescribeEmptied(const std::vector<v1::Location>& held,
                            const v1::ImportLocationsRequest& request) {
  Parents parents;
  for (const v1::Location& location : held) {
    parents.SetParent(location.code(), location.parent(),
                      location.kind() == v1::LOCATION_KIND_PORT);
  }
  const auto before = parents.RegionsWithPorts();
  for (const v1::Region& region : request.regions()) {
    parents.SetParent(region.slug(), region.parent(), /*is_port=*/false);
  }
  for (const v1::Port& port : request.ports()) {
    parents.SetParent(port.code(), port.parent(), /*is_port=*/true);
  }
  const auto after = parents.RegionsWithPorts();
  std::vector<std::string> emptied;
  for (const std::string& region : before) {
    if (!region.empty() && !after.contains(region)) emptied.push_back(region);
  }
  if (emptied.empty()) return "";
  std::sort(emptied.begin(), emptied.end());
  const bool is_more = emptied.size() > kNamedMovesMax;
  if (is_more) emptied.resize(kNamedMovesMax);
  return absl::StrCat("; no ports remain in ", absl::StrJoin(emptied, ", "), is_more ? ", …" : "");
}

}  // namespace

std::string DescribeMoves(const std::vector<v1::Location>& held,
                          const v1::ImportLocationsRequest& request) {
  Moves moves(held);
  int ports = 0;
  int regions = 0;
  for (const v1::Region& region : request.regions()) {
    moves.Add(region.slug(), region.parent(), regions);
  }
  for (const v1::Port& port : request.ports()) moves.Add(port.code(), port.parent(), ports);
  if (ports + regions == 0) return "";
  return absl::StrCat(ports, ports == 1 ? " port and " : " ports and ", regions,
                      regions == 1 ? " region" : " regions",
                      " that exist already would move: ", moves.names(),
                      DescribeEmptied(held, request));
}

}  // namespace fairway::cli
