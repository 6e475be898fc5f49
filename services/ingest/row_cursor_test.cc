#include "services/ingest/row_cursor.h"

#include <limits>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/page_token.h"

namespace fairway::ingest {
namespace {

constexpr absl::string_view kScope = "errors acme batch-1";

TEST(RowCursorTest, WithoutATokenThereIsNoRow) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::optional<int64_t> row, ParseRowCursor(kScope, ""));
  EXPECT_EQ(row, std::nullopt);
  EXPECT_EQ(FormatRowCursor(kScope, std::nullopt), "");
}

TEST(RowCursorTest, PageTokensHoldRowsThatCanBe) {
  const auto reason = [&](int64_t row) {
    // A client that guesses how tokens are made can send any.
    const std::string token = FormatRowCursor(kScope, row);
    return ReasonOf(ParseRowCursor(kScope, token).status());
  };
  for (const int64_t row : {int64_t{-1}, std::numeric_limits<int64_t>::min(),
                            std::numeric_limits<int64_t>::max(), (int64_t{1} << 53) + 1}) {
    EXPECT_EQ(reason(row), reasons::kInvalidPageToken) << row;
  }
  EXPECT_EQ(reason(0), "");
  EXPECT_EQ(reason(int64_t{1} << 53), "");
}

TEST(RowCursorTest, ATokenHoldsItsRowAndItsScope) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::optional<int64_t> row,
                               ParseRowCursor(kScope, FormatRowCursor(kScope, 17)));
  EXPECT_EQ(row, 17);
  EXPECT_EQ(ReasonOf(ParseRowCursor("errors acme batch-2", FormatRowCursor(kScope, 17)).status()),
            reasons::kInvalidPageToken);
  EXPECT_EQ(ReasonOf(ParseRowCursor(kScope, MakePageToken(kScope, "17 ROWS")).status()),
            reasons::kInvalidPageToken);
}

}  // namespace
}  // namespace fairway::ingest
