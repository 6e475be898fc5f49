#include "services/cli/shell/arguments.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(CheckAddressTest, RequiresHostAndPort) {
  for (const char* right :
       {"localhost:50051", "127.0.0.1:1", "[::1]:1", "query:65535", "dns:///query:1", "dns:query:1",
        "dns://8.8.8.8/query:1", "ipv4:127.0.0.1:1,127.0.0.2:2", "ipv6:[::1]:1", "unix:/run/query",
        "unix:///run/query", "vsock:1:2"}) {
    EXPECT_THAT(CheckAddress(right), IsEmpty()) << right;
  }
  for (const char* wrong : {"",
                            "query",
                            "query:",
                            ":50051",
                            "::1",
                            "[::1]",
                            "[::1]:",
                            "fe80::1:50051",
                            "[::1:50051",
                            "query:0",
                            "query:65536",
                            "query:115587",
                            "query:-1",
                            "query:+1",
                            "query: 1",
                            "query:http",
                            "query:1x",
                            "query:99999999999999999999",
                            "query:50051/",
                            "a/b:1",
                            "dns:///query",
                            "dns:///query:0",
                            "dns:///",
                            "ipv4:127.0.0.1",
                            "ipv4:127.0.0.1:1,127.0.0.2"}) {
    EXPECT_THAT(CheckAddress(wrong), HasSubstr("expected host:port")) << wrong;
  }
}

TEST(CheckAddressTest, RefusesUrls) {
  EXPECT_EQ(CheckAddress("http://query:50051/x"),
            "expected host:port without http://, such as query:50051");
  EXPECT_EQ(CheckAddress("https://query"),
            "expected host:port without https://, such as query; TLS is not supported yet");
}

TEST(HelpAsOptionTest, HelpIsNoCommandButAnOption) {
  const auto changed = [](std::vector<const char*> given) {
    const std::vector<const char*> arguments =
        HelpAsOption(static_cast<int>(given.size()), given.data());
    return std::vector<std::string>(arguments.begin(), arguments.end());
  };
  EXPECT_THAT(changed({"fairway", "help"}), ElementsAre("fairway", "--help"));
  EXPECT_THAT(changed({"fairway", "help", "locations", "list"}),
              ElementsAre("fairway", "locations", "list", "--help"));
  EXPECT_THAT(changed({"fairway", "upload", "help"}), ElementsAre("fairway", "upload", "help"));
  EXPECT_THAT(changed({"fairway"}), ElementsAre("fairway"));
}

TEST(CheckPositiveTest, AcceptsWholeNumbersFromOne) {
  for (const char* right : {"1", "50000000", "18446744073709551615"}) {
    EXPECT_THAT(CheckPositive(right), IsEmpty()) << right;
  }
  for (const char* wrong : {"", "0", "-1", "1.5", "1e3", "x", "18446744073709551616"}) {
    EXPECT_THAT(CheckPositive(wrong), HasSubstr("not a whole number of at least 1")) << wrong;
  }
}

}  // namespace
}  // namespace fairway::cli
