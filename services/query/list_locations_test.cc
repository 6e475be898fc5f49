#include "services/query/list_locations.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "services/query/parse_catalog.h"
#include "services/query/testing/small_world.h"

namespace fairway::query {
namespace {

using ::testing::ElementsAre;

class ListLocationsTest : public SmallWorldFixture {
 protected:
  std::vector<std::string> Codes(const LocationListRequest& request) {
    const auto page = ListLocations(locations_, request, Soon());
    EXPECT_THAT(page, testing::IsOk());
    std::vector<std::string> codes;
    for (const LocationView& location : page->locations) codes.push_back(location.code);
    return codes;
  }
  // All pages of a request, each asked for with the token of the one before.
  static std::vector<ListLocationsPage> Pages(LocationReader& locations,
                                              v1::ListLocationsRequest message) {
    std::vector<ListLocationsPage> pages;
    do {
      const auto request = ParseLocationListRequest(message);
      FAIRWAY_EXPECT_OK(request);
      pages.push_back(ListLocations(locations, request.value(), Soon()).value());
      message.set_page_token(pages.back().next_page_token);
    } while (!message.page_token().empty() && pages.size() < 100);
    return pages;
  }
};

TEST_F(ListLocationsTest, Filters) {
  EXPECT_THAT(Codes({}), ElementsAre("CNGGZ", "CNSHA", "NLRTM", "asia", "world"));
  EXPECT_THAT(Codes({.code_prefix = "CN"}), ElementsAre("CNGGZ", "CNSHA"));
  EXPECT_THAT(Codes({.region = "asia"}), ElementsAre("CNGGZ", "CNSHA"));
  EXPECT_THAT(Codes({.region = "world", .kind = LocationFilterKind::kRegions}),
              ElementsAre("asia"));
  EXPECT_THAT(Codes({.kind = LocationFilterKind::kPorts}), ElementsAre("CNGGZ", "CNSHA", "NLRTM"));
  EXPECT_EQ(ReasonOf(ListLocations(locations_, {.region = "atlantis"}, Soon()).status()),
            reasons::kLocationNotFound);
}

TEST_F(ListLocationsTest, APortIsReportedAsNoRegion) {
  const auto status_of = [&](const std::string& region) {
    return ListLocations(locations_, {.region = region}, Soon()).status();
  };
  EXPECT_EQ(ReasonOf(status_of("CNSHA")), reasons::kLocationNotFound);
  EXPECT_EQ(status_of("CNSHA").message(), "\"CNSHA\" is a port, not a region");
  EXPECT_EQ(status_of("USLAX").message(), "no port or region \"USLAX\" is known");
}

TEST_F(ListLocationsTest, BeginsBehindTheLastCode) {
  EXPECT_THAT(Codes({.after = "CNSHA"}), ElementsAre("NLRTM", "asia", "world"));
  EXPECT_THAT(Codes({.after = "CNSHB"}), ElementsAre("NLRTM", "asia", "world"));
  EXPECT_THAT(Codes({.after = "world"}), ElementsAre());
  EXPECT_THAT(Codes({.code_prefix = "CNSHA"}), ElementsAre("CNSHA"));
}

TEST_F(ListLocationsTest, DescribesEachLocation) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListLocationsPage page, ListLocations(locations_, {}, Soon()));
  const LocationView& port = page.locations.at(1);
  EXPECT_EQ(port.code, "CNSHA");
  EXPECT_EQ(port.name, "A port");
  EXPECT_TRUE(port.is_port);
  EXPECT_EQ(port.parent, "asia");
  EXPECT_THAT(port.ancestors, ElementsAre("asia", "world"));
  EXPECT_EQ(port.port_count, 1);
  const LocationView& region = page.locations.at(3);
  EXPECT_EQ(region.code, "asia");
  EXPECT_EQ(region.name, "Asia");
  EXPECT_FALSE(region.is_port);
  EXPECT_EQ(region.parent, "world");
  EXPECT_THAT(region.ancestors, ElementsAre("world"));
  EXPECT_EQ(region.port_count, 2);
}

TEST_F(ListLocationsTest, Pages) {
  v1::ListLocationsRequest message;
  message.set_page_size(2);
  const std::vector<ListLocationsPage> pages = Pages(locations_, message);
  std::vector<std::string> codes;
  for (const ListLocationsPage& page : pages) {
    for (const LocationView& location : page.locations) codes.push_back(location.code);
  }
  EXPECT_EQ(pages.size(), 3);
  EXPECT_THAT(codes, ElementsAre("CNGGZ", "CNSHA", "NLRTM", "asia", "world"));
}

TEST_F(ListLocationsTest, AFullLastPageHasNoToken) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const ListLocationsPage page,
                               ListLocations(locations_, {.page_size = 5}, Soon()));
  EXPECT_EQ(page.locations.size(), 5);
  EXPECT_EQ(page.next_page_token, "");
}

// A reader of a tree that no import would make.
class LongNames final : public LocationReader {
 public:
  absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(const Deadline&) override {
    return tree_;
  }

 private:
  static std::vector<Region> Regions() {
    std::vector<Region> regions;
    for (char c = 'a'; c <= 'j'; ++c) {
      regions.push_back({std::string(1, c), std::string(1'000'000, c), std::nullopt});
    }
    regions[4].name = std::string(5'000'000, 'e');  // More than a page alone.
    return regions;
  }
  const std::shared_ptr<const LocationTree> tree_ =
      std::make_shared<const LocationTree>(*LocationTree::Build(Regions(), {}));
};

TEST_F(ListLocationsTest, APageEndsBeforeItOutgrowsAMessage) {
  LongNames locations;
  std::vector<size_t> sizes;
  std::string codes;
  for (const ListLocationsPage& page : Pages(locations, {})) {
    sizes.push_back(page.locations.size());
    for (const LocationView& location : page.locations) codes += location.code;
  }
  EXPECT_THAT(sizes, ElementsAre(3, 1, 1, 3, 2));
  EXPECT_EQ(codes, "abcdefghij");
}

}  // namespace
}  // namespace fairway::query
