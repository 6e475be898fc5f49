#include "libs/price_files/row_lines.h"

#include "gtest/gtest.h"

namespace fairway::price_files {
namespace {

TEST(RowLinesTest, FollowsTheDistanceBetweenRowsAndLines) {
  RowLines lines(10);
  for (const int64_t line : {2, 3, 7, 8, 8, 9}) lines.Add(line);
  EXPECT_EQ(lines.LineOfRow(0), 2);
  EXPECT_EQ(lines.LineOfRow(1), 3);
  EXPECT_EQ(lines.LineOfRow(2), 7);
  EXPECT_EQ(lines.LineOfRow(3), 8);
  EXPECT_EQ(lines.LineOfRow(4), 8);
  EXPECT_EQ(lines.LineOfRow(5), 9);
}

TEST(RowLinesTest, RowsThatWereNotAddedHaveNoLine) {
  RowLines lines(10);
  EXPECT_EQ(lines.LineOfRow(0), 0);
  lines.Add(2);
  EXPECT_EQ(lines.LineOfRow(1), 0);
  EXPECT_EQ(lines.LineOfRow(-1), 0);
}

TEST(RowLinesTest, BeyondItsBoundItReturnsNoLine) {
  RowLines lines(2);
  for (const int64_t line : {2, 4, 5, 7, 8}) lines.Add(line);
  EXPECT_EQ(lines.LineOfRow(0), 2);
  EXPECT_EQ(lines.LineOfRow(2), 5);
  EXPECT_EQ(lines.LineOfRow(3), 0);
  EXPECT_EQ(lines.LineOfRow(4), 0) << "even where the distance is a known one again";
}

}  // namespace
}  // namespace fairway::price_files
