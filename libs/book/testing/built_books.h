#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/book/price_book_builder.h"

// Books that are built by hand.
namespace fairway {

inline std::string SlugOf(int region) { return absl::StrCat("r", region); }
inline PortCode CodeOf(int port) { return *PortCode::Parse(absl::StrCat("P", 1000 + port)); }

// As many ports in each of `parents.size()` regions, whose parents these are (-1: none).
inline std::shared_ptr<const LocationTree> MakeTree(const std::vector<int>& parents,
                                                    int ports_each) {
  std::vector<Region> regions;
  std::vector<Port> ports;
  for (size_t i = 0; i < parents.size(); ++i) {
    const int region = static_cast<int>(i);
    regions.push_back({.slug = SlugOf(region), .name = "A region"});
    if (parents[i] >= 0) regions.back().parent = SlugOf(parents[i]);
    for (int port = 0; port < ports_each; ++port) {
      const int number = region * ports_each + port + 1;
      ports.push_back({number, CodeOf(number), "A port", SlugOf(region)});
    }
  }
  return std::make_shared<const LocationTree>(*LocationTree::Build(regions, ports));
}

// Calls make(builder) for a builder over `base`, and gives the book that comes of it.
template <typename Make>
absl::StatusOr<std::shared_ptr<const PriceBook>> Build(
    const std::shared_ptr<const LocationTree>& tree, BookBudget& budget, Make make,
    std::shared_ptr<const PriceBook> base = std::make_shared<const PriceBook>()) {
  if (base->shared_locations() != tree) budget.Take(tree->byte_count());
  PriceBookBuilder builder(std::move(base), tree, &budget);
  make(builder);
  return builder.Finish({.number = 1}, std::nullopt);
}

inline void AddPrices(PriceBookBuilder& builder, const Lane& lane, Day day, int count) {
  const std::vector<int32_t> days(static_cast<size_t>(count), DayNumber(day));
  const std::vector<Price> prices(static_cast<size_t>(count), 100);
  FAIRWAY_ASSERT_OK(builder.Add({lane, days, prices}));
}

}  // namespace fairway
