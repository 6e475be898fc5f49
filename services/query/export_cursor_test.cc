#include "services/query/export_cursor.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/page_token.h"

namespace fairway::query {
namespace {

constexpr absl::string_view kRequest = "a request";

TEST(ExportCursorTest, AResumeTokenHoldsEveryField) {
  for (const ExportCursor& cursor :
       {ExportCursor{}, ExportCursor{.version = {7, 0}}, ExportCursor{.version = {0, ~0ULL}},
        ExportCursor{.version = {7, 70}, .lanes_sent = 3},
        ExportCursor{.version = {7, 70}, .last_lane = Lane{4, 5}},
        ExportCursor{.version = {int64_t{1} << 53, 1}, .lanes_sent = 10'000}}) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const ExportCursor read,
                                 ParseResumeToken(kRequest, FormatResumeToken(kRequest, cursor)));
    EXPECT_EQ(read, cursor);
  }
}

TEST(ExportCursorTest, TheLongestTokenIsWithinItsBound) {
  const PortId last = std::numeric_limits<PortId>::max();
  const std::string token =
      FormatResumeToken(std::string(1'000, 'x'), {.version = {int64_t{1} << 53, ~0ULL},
                                                  .lanes_sent = std::numeric_limits<int64_t>::max(),
                                                  .last_lane = Lane{last, last}});
  EXPECT_LE(token.size(), kResumeTokenBytesMax);
}

TEST(ExportCursorTest, NothingElseIsAToken) {
  const auto reason = [](absl::string_view text) {
    return ReasonOf(ParseResumeToken(kRequest, MakePageToken(kRequest, text)).status());
  };
  EXPECT_EQ(reason("7 70 3 4 5"), "");
  // A client that guesses how tokens are made can send any.
  for (const absl::string_view text :
       {"", "7 70 3 4", "7 70 3 4 5 6", "x 70 3 4 5", "7 x 3 4 5", "7 70 x 4 5", "7 70 3 x 5",
        "7 70 3 4 x", "-1 70 3 4 5", "7 -1 3 4 5", "7 70 -1 4 5", "7 70 3 -1 5", "7 70 3 4 -1",
        "9007199254740993 70 3 4 5", "9223372036854775807 70 3 4 5",
        "-9223372036854775808 70 3 4 5", "7 70 3 2147483648 5", "7 70 3 4 2147483648"}) {
    EXPECT_EQ(reason(text), reasons::kInvalidPageToken) << text;
  }
  const std::string token = FormatResumeToken(kRequest, {});
  EXPECT_EQ(ReasonOf(ParseResumeToken("another request", token).status()),
            reasons::kInvalidPageToken);
}

TEST(ExportCursorTest, TheFieldOfTheRequestIsNamed) {
  for (const std::string& token : {std::string("zz"), MakePageToken(kRequest, "7 70"),
                                   MakePageToken(kRequest, "-7 70 3 4 5")}) {
    EXPECT_EQ(DetailsOf(ParseResumeToken(kRequest, token).status()).field_violations[0].field,
              "resume_token");
  }
}

}  // namespace
}  // namespace fairway::query
