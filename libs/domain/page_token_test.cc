#include "libs/domain/page_token.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/testing/field_violations.h"

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

TEST(RequestFingerprintTest, IsTwoHalvesOfOneHash) {
  const std::string fingerprint = RequestFingerprint("request a");
  ASSERT_EQ(fingerprint.size(), 32);
  EXPECT_NE(fingerprint.substr(0, 16), fingerprint.substr(16));
  EXPECT_EQ(RequestFingerprint("request a"), fingerprint);
  EXPECT_NE(RequestFingerprint("request b"), fingerprint);
}

TEST(PageSizeTest, HasADefaultAndALimit) {
  EXPECT_THAT(ParsePageSize(0), IsOkAndHolds(100));
  EXPECT_THAT(ParsePageSize(1), IsOkAndHolds(1));
  EXPECT_THAT(ParsePageSize(7), IsOkAndHolds(7));
  EXPECT_THAT(ParsePageSize(1'000), IsOkAndHolds(1'000));
  EXPECT_THAT(ParsePageSize(1'001), IsOkAndHolds(1'000));
  EXPECT_THAT(ParsePageSize(1'000'000), IsOkAndHolds(1'000));
  EXPECT_EQ(ReasonOf(ParsePageSize(-1).status()), reasons::kInvalidRequest);
  EXPECT_THAT(FieldsOf(ParsePageSize(-1).status()), ::testing::ElementsAre("page_size"));
}

}  // namespace
}  // namespace fairway
