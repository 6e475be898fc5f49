#include "services/query/list_locations.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/page_token.h"

namespace fairway::query {
namespace {

// What a location takes in the message, at most, beside its texts: tags, lengths and numbers.
constexpr size_t kFieldBytes = 32;
constexpr size_t kAncestorBytes = 4;

size_t BytesOf(const LocationView& view) {
  size_t bytes = kFieldBytes + view.code.size() + view.name.size() + view.parent.size();
  for (const std::string& slug : view.ancestors) bytes += kAncestorBytes + slug.size();
  return bytes;
}

// Collects the locations of a page, which come ascending by code.
class PageFiller {
 public:
  PageFiller(const LocationTree& tree, const LocationListRequest& request)
      : region_(tree.NumberOf(request.region)), tree_(tree), request_(request) {}

  // `parent`: of the location.
  bool Wants(absl::string_view code, std::optional<LocationTree::RegionNumber> parent) const {
    if (!absl::StartsWith(code, request_.code_prefix) || code <= request_.after) return false;
    return !region_ || tree_.LiesIn(parent, *region_);
  }

  // False when the page was full already, by number or by bytes: there is another one.
  bool Add(LocationView view) {
    if (page_.size() == static_cast<size_t>(request_.page_size)) return false;
    bytes_ += BytesOf(view);
    if (bytes_ > limits::kPageBytesMax && !page_.empty()) return false;
    page_.push_back(std::move(view));
    return true;
  }

  std::vector<LocationView> Take() { return std::move(page_); }

 private:
  const std::optional<LocationTree::RegionNumber> region_;  // None: everywhere.
  const LocationTree& tree_;
  const LocationListRequest& request_;
  size_t bytes_ = 0;
  std::vector<LocationView> page_;
};

// False when there is more than the page holds. Port codes sort before region slugs, byte by byte.
bool Fill(const LocationTree& tree, LocationFilterKind kind, PageFiller& filler) {
  if (kind != LocationFilterKind::kRegions) {
    for (const Port& port : tree.ports()) {
      if (!filler.Wants(port.code.view(), tree.ParentOf(port))) continue;
      if (!filler.Add(DescribePort(tree, port))) return false;
    }
  }
  if (kind != LocationFilterKind::kPorts) {
    for (const Region& region : tree.regions()) {
      if (!filler.Wants(region.slug, tree.ParentOf(*tree.NumberOf(region.slug)))) continue;
      if (!filler.Add(DescribeRegion(tree, region))) return false;
    }
  }
  return true;
}

}  // namespace

std::string PageScopeOf(const LocationListRequest& request) {
  return absl::StrCat("ListLocations|", request.code_prefix, "|", request.region, "|",
                      static_cast<int>(request.kind));
}

absl::StatusOr<ListLocationsPage> ListLocations(LocationReader& locations,
                                                const LocationListRequest& request,
                                                const Deadline& deadline) {
  ASSIGN_OR_RETURN(const auto tree, locations.ReadTree(deadline));
  if (!request.region.empty() && tree->FindRegion(request.region) == nullptr) {
    return tree->FindPort(request.region) != nullptr ? PortIsNoRegionError(request.region)
                                                     : LocationNotFoundError(request.region);
  }
  PageFiller filler(*tree, request);
  const bool complete = Fill(*tree, request.kind, filler);
  ListLocationsPage page{.locations = filler.Take()};
  if (!complete) {
    page.next_page_token = MakePageToken(PageScopeOf(request), page.locations.back().code);
  }
  return page;
}

}  // namespace fairway::query
