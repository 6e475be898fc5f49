#include "services/cli/location_moves.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

TEST(LocationMovesTest, NamesRegionsThatLoseAllTheirPorts) {
  const auto location = [](const char* code, const char* parent, v1::LocationKind kind) {
    v1::Location made;
    made.set_code(code);
    made.set_parent(parent);
    made.set_kind(kind);
    return made;
  };
  const std::vector<v1::Location> held = {
      location("world", "", v1::LOCATION_KIND_REGION),
      location("europe", "world", v1::LOCATION_KIND_REGION),
      location("north_europe", "europe", v1::LOCATION_KIND_REGION),
      location("empty", "europe", v1::LOCATION_KIND_REGION),
      location("NLRTM", "north_europe", v1::LOCATION_KIND_PORT)};
  v1::ImportLocationsRequest request;
  request.add_regions()->set_slug("other");
  v1::Port* port = request.add_ports();
  port->set_code("NLRTM");
  port->set_parent("other");
  const std::string moves =
      "1 port and 0 regions that exist already would move: NLRTM from north_europe to other";
  EXPECT_EQ(DescribeMoves(held, request),
            moves + "; no ports remain in europe, north_europe, world");
  port = request.add_ports();
  port->set_code("DEHAM");
  port->set_parent("north_europe");
  EXPECT_EQ(DescribeMoves(held, request), moves);
}

TEST(LocationMovesTest, NamesTheFirstFew) {
  std::vector<v1::Location> held(5);
  v1::ImportLocationsRequest request;
  for (int i = 0; i < 4; ++i) {
    held[i].set_code(absl::StrCat("PORT", i));
    held[i].set_parent("old");
    v1::Port* port = request.add_ports();
    port->set_code(absl::StrCat("PORT", i));
    port->set_parent(i == 0 ? "old" : "new");
  }
  held[4].set_code("old");
  held[4].set_parent("world");
  request.add_regions()->set_slug("old");
  request.add_regions()->set_slug("new");
  EXPECT_EQ(DescribeMoves(held, request),
            "3 ports and 1 region that exist already would move: old from world to the top, PORT1 "
            "from old to new, PORT2 from old to new, …");
  EXPECT_EQ(DescribeMoves({}, request), "");
}

}  // namespace
}  // namespace fairway::cli
