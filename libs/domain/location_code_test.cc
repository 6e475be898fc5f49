#include "libs/domain/location_code.h"

#include <string>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"

namespace fairway {
namespace {

TEST(LocationCodeTest, IsAPortCodeOrARegionSlug) {
  for (const absl::string_view text : {"CNGGZ", "US2BM", "12345", "n", "north_europe-2"}) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationCode code, LocationCode::Parse("origin", text));
    EXPECT_EQ(code.text(), text);
  }
  FAIRWAY_EXPECT_OK(LocationCode::Parse("origin", std::string(63, 'a')));
}

TEST(LocationCodeTest, NothingElseIs) {
  for (const std::string& text :
       {std::string(), std::string("?"), std::string("CNGG"), std::string("CNGGZZ"),
        std::string("Europe"), std::string("2nd"), std::string("_a"), std::string("-a"),
        std::string("a b"), std::string("a\0", 2), std::string("é"), std::string(64, 'a')}) {
    const absl::Status status = LocationCode::Parse("lanes[2].origin", text).status();
    EXPECT_EQ(ReasonOf(status), reasons::kInvalidLocation) << text;
    EXPECT_EQ(DetailsOf(status).field_violations[0].field, "lanes[2].origin");
  }
}

}  // namespace
}  // namespace fairway
