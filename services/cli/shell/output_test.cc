#include "services/cli/shell/output.h"

#include <string>

#include "fairway/v1/batch.pb.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

TEST(OutputTest, CountsAreGrouped) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1'234'567), "1,234,567");
  EXPECT_EQ(FormatCount(-1'234), "-1,234");
}

TEST(OutputTest, OneIsSingular) {
  EXPECT_EQ(FormatCount(0, "lane"), "0 lanes");
  EXPECT_EQ(FormatCount(1, "lane"), "1 lane");
  EXPECT_EQ(FormatCount(1'000, "lane"), "1,000 lanes");
}

TEST(OutputTest, TablesAreAligned) {
  EXPECT_EQ(FormatTable({{"NAME", "COUNT"}, {"a", "7"}, {"São", "1,000"}}),
            "NAME  COUNT\na         7\nSão   1,000\n");
}

TEST(OutputTest, TableCellsAreEscapedToOneLine) {
  EXPECT_EQ(FormatTable({{"A", "B"}, {"x\n\x1b", "y"}}), "A        B\nx\\n\\x1b  y\n");
}

TEST(EnumNameTest, HasNoPrefix) {
  EXPECT_EQ(EnumName(v1::BATCH_STATE_COMMITTED), "COMMITTED");
  EXPECT_EQ(EnumName(v1::ROW_ERROR_REASON_NOT_A_PORT), "NOT_A_PORT");
  EXPECT_EQ(EnumName(v1::BATCH_STATE_UNSPECIFIED), "UNSPECIFIED");
}

// A newer service may send values that this release does not have.
TEST(EnumNameTest, ReturnsTheNumberOfAnUnknownValue) {
  EXPECT_EQ(EnumName(static_cast<v1::BatchState>(99)), "99");
  EXPECT_EQ(EnumName(static_cast<v1::RowErrorReason>(-1)), "-1");
}

}  // namespace
}  // namespace fairway::cli
