#include "libs/domain/check_location.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/testing/field_violations.h"

namespace fairway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

TEST(CheckLocationTest, AcceptsWhatATreeMayHold) {
  const std::string longest(limits::kLocationNameBytesMax, 'x');
  FAIRWAY_EXPECT_OK(CheckRegion("regions[0]", std::string(63, 'a'), longest));
  FAIRWAY_EXPECT_OK(CheckPort("ports[0]", "CNSHA", longest, "asia"));
}

TEST(CheckLocationTest, NamesEveryFieldThatIsWrong) {
  const absl::Status region = CheckRegion("regions[3]", "Asia", "");
  EXPECT_THAT(FieldsOf(region), ElementsAre("regions[3].slug", "regions[3].name"));
  EXPECT_EQ(ReasonOf(region), reasons::kInvalidLocation);
  const absl::Status port = CheckPort("ports[4]", "cnsha", std::string("a\0b", 3), "");
  EXPECT_THAT(FieldsOf(port), ElementsAre("ports[4].code", "ports[4].name", "ports[4].parent"));
}

TEST(CheckLocationTest, NamesHaveBounds) {
  const std::string too_long(limits::kLocationNameBytesMax + 1, 'x');
  EXPECT_EQ(ReasonOf(CheckRegion("r", "asia", too_long)), reasons::kInvalidRequest);
  EXPECT_EQ(ReasonOf(CheckPort("p", "CNSHA", "", "asia")), reasons::kInvalidRequest);
}

TEST(CheckLocationTest, APortWithoutParentIsRefused) {
  EXPECT_THAT(MessageOf(CheckPort("ports[0]", "CNSHA", "Shanghai", "")),
              HasSubstr("\"CNSHA\": the parent is empty"));
}

// Not for its letters, which are right.
TEST(CheckLocationTest, ALongSlugIsRefusedForItsLength) {
  EXPECT_THAT(MessageOf(CheckRegion("regions[0]", std::string(64, 'a'), "Asia")),
              HasSubstr("it has 64 bytes; a region slug has at most 63"));
  EXPECT_THAT(MessageOf(CheckRegion("regions[0]", "Asia", "Asia")), HasSubstr("lower-case letter"));
}

}  // namespace
}  // namespace fairway
