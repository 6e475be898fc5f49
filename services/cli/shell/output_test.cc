#include "services/cli/shell/output.h"

#include <string>

#include "fairway/v1/batch.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(OutputTest, CountsAreGrouped) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1'234'567), "1,234,567");
  EXPECT_EQ(FormatCount(-1'234), "-1,234");
}

TEST(OutputTest, TheSignIsNoGroup) { EXPECT_EQ(FormatCount(-123), "-123"); }

TEST(OutputTest, OneIsSingular) {
  EXPECT_EQ(FormatCount(0, "lane"), "0 lanes");
  EXPECT_EQ(FormatCount(1, "lane"), "1 lane");
  EXPECT_EQ(FormatCount(1'000, "lane"), "1,000 lanes");
}

TEST(OutputTest, TablesAreAligned) {
  EXPECT_EQ(FormatTable({{"NAME", "COUNT"}, {"a", "7"}, {"São", "1,000"}}),
            "NAME  COUNT\na         7\nSão   1,000\n");
}

TEST(OutputTest, NumbersEndBelowEachOther) {
  EXPECT_EQ(FormatTable({{"MEAN", "NAME"}, {"7.50", "x"}, {"–", "longer"}, {"1,250.00", ""}}),
            "    MEAN  NAME\n    7.50  x\n       –  longer\n1,250.00\n");
  EXPECT_EQ(FormatTable({{"COUNT", "N"}}), "COUNT  N\n");
  EXPECT_EQ(FormatTable({{"A LONG HEADING", "N"}, {"", "-1"}, {"", "x"}}),
            "A LONG HEADING  N\n                -1\n                x\n");
}

TEST(OutputTest, JsonHasTheNamesOfTheContractAndZeros) {
  v1::BatchEnd end;
  end.set_row_count(0);
  ::testing::internal::CaptureStdout();
  PrintJson(end);
  EXPECT_THAT(
      ::testing::internal::GetCapturedStdout(),
      AllOf(StartsWith("{\n"), HasSubstr(" \"row_count\": \"0\""), HasSubstr(" \"digest\": \"\"")));
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
