#include "libs/domain/port_code.h"

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway {
namespace {

using ::fairway::testing::StatusIs;

TEST(PortCodeTest, KeepsWhatItParsed) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const PortCode code, PortCode::Parse("CNGGZ"));
  EXPECT_EQ(code.view(), "CNGGZ");
  EXPECT_EQ(code.ToString(), "CNGGZ");
}

TEST(PortCodeTest, AllowsDigits) { EXPECT_TRUE(PortCode::IsValid("US2BM")); }

TEST(PortCodeTest, RefusesEverythingElse) {
  for (absl::string_view text : {"", "CNGG", "CNGGZZ", "cnggz", "CN GZ", "CNGG\n", "ÅNGZ"}) {
    EXPECT_THAT(PortCode::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(PortCodeTest, ComparesAsText) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const PortCode a, PortCode::Parse("BEANR"));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const PortCode b, PortCode::Parse("CNGGZ"));
  EXPECT_LT(a, b);
  EXPECT_EQ(a, a);
}

}  // namespace
}  // namespace fairway
