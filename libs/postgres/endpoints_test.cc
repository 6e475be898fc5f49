#include "libs/postgres/endpoints.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "host|address|port" of each.
absl::StatusOr<std::vector<std::string>> Find(const ConnectionOptions& options) {
  const absl::StatusOr<std::vector<Endpoint>> endpoints = FindEndpoints(options, Soon());
  if (!endpoints.ok()) return endpoints.status();
  std::vector<std::string> found;
  for (const Endpoint& endpoint : *endpoints) {
    found.push_back(absl::StrCat(endpoint.host, "|", endpoint.address, "|", endpoint.port));
  }
  return found;
}

ConnectionOptions At(absl::string_view hosts, absl::string_view ports) {
  ConnectionOptions options;
  options.host = std::string(hosts);
  options.port = std::string(ports);
  return options;
}

TEST(EndpointsTest, SocketsHaveNoAddress) {
  EXPECT_THAT(Find(At("", "5432")), IsOkAndHolds(ElementsAre("||5432")));
  EXPECT_THAT(Find(At("/run/pg,127.0.0.1,@abstract,127.0.0.2", "1,2,3,4")),
              IsOkAndHolds(ElementsAre("/run/pg||1", "127.0.0.1|127.0.0.1|2", "@abstract||3",
                                       "127.0.0.2|127.0.0.2|4")));
}

TEST(EndpointsTest, OnePortIsThatOfAllHosts) {
  EXPECT_THAT(Find(At("127.0.0.1,127.0.0.2", "7")),
              IsOkAndHolds(ElementsAre("127.0.0.1|127.0.0.1|7", "127.0.0.2|127.0.0.2|7")));
  EXPECT_THAT(Find(At("127.0.0.1,127.0.0.2,127.0.0.3", "7,8")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("3 hosts")));
  EXPECT_THAT(Find(At("127.0.0.1", "7,8")), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EndpointsTest, TheLastGoodOneIsFirstAndTheOthersKeepTheirOrder) {
  const ConnectionOptions options = At("127.0.0.1,127.0.0.2,127.0.0.3", "7");
  options.last_good->Set("127.0.0.3:7");
  EXPECT_THAT(Find(options),
              IsOkAndHolds(ElementsAre("127.0.0.3|127.0.0.3|7", "127.0.0.1|127.0.0.1|7",
                                       "127.0.0.2|127.0.0.2|7")));
  options.last_good->Set("127.0.0.9:7");
  EXPECT_THAT(Find(options),
              IsOkAndHolds(ElementsAre("127.0.0.1|127.0.0.1|7", "127.0.0.2|127.0.0.2|7",
                                       "127.0.0.3|127.0.0.3|7")));
}

TEST(EndpointsTest, ANameIsShownWithItsAddress) {
  EXPECT_EQ((Endpoint{.host = "db", .address = "192.0.2.1", .port = "7"}).ToString(),
            "db (192.0.2.1):7");
  EXPECT_EQ((Endpoint{.host = "192.0.2.1", .address = "192.0.2.1", .port = "7"}).ToString(),
            "192.0.2.1:7");
  EXPECT_EQ((Endpoint{.host = "/run/pg", .address = "", .port = "7"}).ToString(), "/run/pg:7");
}

}  // namespace
}  // namespace fairway::postgres
