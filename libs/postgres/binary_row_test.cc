#include "libs/postgres/binary_row.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/postgres/binary_rows.h"

namespace fairway::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What goes in one way comes back the other.
TEST(BinaryRowTest, ReadsWhatBinaryRowsWrites) {
  BinaryRows rows;
  rows.BeginRow(5);
  rows.AddInt8(std::numeric_limits<int64_t>::min());
  rows.AddInt4(-7);
  rows.AddDateArray({0, 18'628, -1});
  rows.AddInt4Array({1, std::numeric_limits<int32_t>::max()});
  rows.AddInt4Array(absl::Span<const int32_t>());
  BinaryRow row(rows.bytes());
  std::vector<int32_t> values = {99};
  EXPECT_EQ(row.ReadInt8(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(row.ReadInt4(), -7);
  row.ReadDateArray(values);
  EXPECT_THAT(values, ElementsAre(0, 18'628, -1));
  row.ReadInt4Array(values);
  EXPECT_THAT(values, ElementsAre(1, std::numeric_limits<int32_t>::max()));
  row.ReadInt4Array(values);
  EXPECT_THAT(values, IsEmpty());
  EXPECT_TRUE(row.ok());
  row.ReadInt4();
  EXPECT_FALSE(row.ok()) << "there is no further column";
}

TEST(BinaryRowTest, OtherTypesAreNotOk) {
  BinaryRows rows;
  rows.BeginRow(2);
  rows.AddInt4(1);
  rows.AddDateArray({1, 2});
  std::vector<int32_t> values;
  BinaryRow wide(rows.bytes());
  EXPECT_EQ(wide.ReadInt8(), 0);
  EXPECT_FALSE(wide.ok());
  BinaryRow row(rows.bytes());
  row.ReadInt4();
  row.ReadInt4Array(values);
  EXPECT_FALSE(row.ok());
  EXPECT_THAT(values, IsEmpty());
}

TEST(BinaryRowTest, NoPrefixIsOk) {
  BinaryRows rows;
  rows.BeginRow(2);
  rows.AddInt4(1);
  rows.AddInt4Array({1, 2});
  for (size_t size = 0; size < rows.bytes().size(); ++size) {
    BinaryRow row(rows.bytes().substr(0, size));
    std::vector<int32_t> values;
    row.ReadInt4();
    row.ReadInt4Array(values);
    EXPECT_FALSE(row.ok()) << size;
  }
}

}  // namespace
}  // namespace fairway::postgres
