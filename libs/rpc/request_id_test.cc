#include "libs/rpc/request_id.h"

#include "gtest/gtest.h"

namespace fairway::rpc {
namespace {

TEST(RequestIdTest, KeepsWhatIsWellFormed) {
  EXPECT_EQ(RequestIdOrNew("a-request_7.B"), "a-request_7.B");
  EXPECT_EQ(RequestIdOrNew(std::string(64, 'x')), std::string(64, 'x'));
}

TEST(RequestIdTest, ReplacesWhatWouldSpoilALog) {
  for (const std::string& given : {std::string(), std::string("a b"), std::string("\n"),
                                   std::string("\"}"), std::string(65, 'x')}) {
    const std::string made = RequestIdOrNew(given);
    EXPECT_NE(made, given);
    EXPECT_EQ(made.size(), 32);
  }
}

TEST(RequestIdTest, NewOnesDiffer) { EXPECT_NE(RequestIdOrNew(""), RequestIdOrNew("")); }

}  // namespace
}  // namespace fairway::rpc
