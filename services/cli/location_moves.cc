#include "services/cli/location_moves.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

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
                      " that are here already move: ", moves.names());
}

}  // namespace fairway::cli
