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

// All that a page token is bound to.
std::string RequestOf(const ListLocationsQuery& query) {
  return absl::StrCat("ListLocations|", query.code_prefix, "|", query.region, "|",
                      static_cast<int>(query.kind));
}

// What a location takes in the message, at most, beside its texts: tags, lengths and numbers.
constexpr size_t kFieldBytes = 32;
constexpr size_t kAncestorBytes = 4;

size_t BytesOf(const LocationView& view) {
  size_t bytes = kFieldBytes + view.code.size() + view.name.size() + view.parent.size();
  for (const std::string& slug : view.ancestors) bytes += kAncestorBytes + slug.size();
  return bytes;
}

// Decides what a page shows, one location after the other, ascending.
class PageFiller {
 public:
  PageFiller(const LocationTree& tree, const ListLocationsQuery& query, std::string after,
             size_t size)
      : region_(tree.NumberOf(query.region)),
        tree_(tree),
        query_(query),
        after_(std::move(after)),
        size_(size) {}

  // `parent`: of the location.
  bool Wants(absl::string_view code, std::optional<LocationTree::RegionNumber> parent) const {
    if (!absl::StartsWith(code, query_.code_prefix) || code <= after_) return false;
    return !region_ || tree_.LiesIn(parent, *region_);
  }

  // False when the page was full already, by number or by bytes: there is another one.
  bool Add(LocationView view) {
    if (page_.size() == size_) return false;
    bytes_ += BytesOf(view);
    if (bytes_ > limits::kPageBytesMax && !page_.empty()) return false;
    page_.push_back(std::move(view));
    return true;
  }

  std::vector<LocationView> Take() { return std::move(page_); }

 private:
  const std::optional<LocationTree::RegionNumber> region_;  // None: everywhere.
  const LocationTree& tree_;
  const ListLocationsQuery& query_;
  const std::string after_;
  const size_t size_;
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

absl::StatusOr<ListLocationsPage> ListLocations(LocationReader& locations,
                                                const ListLocationsQuery& query,
                                                const Deadline& deadline) {
  const std::string request = RequestOf(query);
  ASSIGN_OR_RETURN(const int size, ReadPageSize(query.page_size));
  std::string after;
  if (!query.page_token.empty()) {
    ASSIGN_OR_RETURN(after, ReadPageToken(request, query.page_token));
  }
  ASSIGN_OR_RETURN(const auto tree, locations.ReadTree(deadline));
  if (!query.region.empty() && tree->FindRegion(query.region) == nullptr) {
    return LocationNotFoundError(query.region);
  }
  PageFiller filler(*tree, query, after, static_cast<size_t>(size));
  const bool complete = Fill(*tree, query.kind, filler);
  ListLocationsPage page{.locations = filler.Take()};
  if (!complete) page.next_page_token = MakePageToken(request, page.locations.back().code);
  return page;
}

}  // namespace fairway::query
