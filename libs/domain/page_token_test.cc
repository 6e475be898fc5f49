#include "libs/domain/page_token.h"

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;

TEST(PageTokenTest, GivesTheCursorBackToTheSameRequest) {
  EXPECT_THAT(ParsePageToken("request a", MakePageToken("request a", "17")), IsOkAndHolds("17"));
}

TEST(PageTokenTest, IsRefusedByAnotherRequest) {
  EXPECT_EQ(ReasonOf(ParsePageToken("request b", MakePageToken("request a", "17")).status()),
            reasons::kInvalidPageToken);
}

TEST(PageTokenTest, APartOfOneIsRefused) {
  std::string token = MakePageToken("request a", "245");
  while (!token.empty()) {
    token.pop_back();
    EXPECT_EQ(ReasonOf(ParsePageToken("request a", token).status()), reasons::kInvalidPageToken)
        << token;
  }
}

TEST(PageTokenTest, GarbageIsRefused) {
  for (absl::string_view token : {"", "17", "!!!", "AAAA"}) {
    EXPECT_EQ(ReasonOf(ParsePageToken("request a", token).status()), reasons::kInvalidPageToken)
        << token;
  }
}

TEST(PageSizeTest, HasADefaultAndALimit) {
  EXPECT_THAT(ParsePageSize(0), IsOkAndHolds(100));
  EXPECT_THAT(ParsePageSize(7), IsOkAndHolds(7));
  EXPECT_THAT(ParsePageSize(1'000'000), IsOkAndHolds(1'000));
  EXPECT_EQ(ReasonOf(ParsePageSize(-1).status()), reasons::kInvalidRequest);
}

}  // namespace
}  // namespace fairway
