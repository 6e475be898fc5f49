#include "libs/postgres/binary_row.h"

#include <limits>
#include <string>

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
  rows.AddInt4(std::numeric_limits<int32_t>::min());
  rows.AddInt4(-7);
  rows.AddDateArray({0, 18'628, -1});
  rows.AddInt4Array({1, std::numeric_limits<int32_t>::max()});
  rows.AddInt4Array(absl::Span<const int32_t>());
  BinaryRow row(rows.bytes());
  std::vector<int32_t> values = {99};
  EXPECT_EQ(row.ReadInt4(), std::numeric_limits<int32_t>::min());
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
  BinaryRows wide_rows;
  wide_rows.BeginRow(1);
  wide_rows.AddInt8(1);
  BinaryRow wide(wide_rows.bytes());
  EXPECT_EQ(wide.ReadInt4(), 0);
  EXPECT_FALSE(wide.ok());

  BinaryRows rows;
  rows.BeginRow(2);
  rows.AddInt4(1);
  rows.AddDateArray({1, 2});
  std::vector<int32_t> values;
  BinaryRow row(rows.bytes());
  row.ReadInt4();
  row.ReadInt4Array(values);
  EXPECT_FALSE(row.ok());
  EXPECT_THAT(values, IsEmpty());
}

// The greatest and the least day of PostgreSQL, from which days since 1970 would overflow.
TEST(BinaryRowTest, InfiniteDaysAreReadAsDaysOutOfRange) {
  BinaryRows rows;
  rows.BeginRow(1);
  rows.AddDateArray({0, 0});
  std::string bytes(rows.bytes());
  bytes.replace(bytes.size() - 12, 4, "\x7F\xFF\xFF\xFF", 4);
  bytes.replace(bytes.size() - 4, 4, "\x80\x00\x00\x00", 4);
  BinaryRow row(bytes);
  std::vector<int32_t> values;
  row.ReadDateArray(values);
  EXPECT_TRUE(row.ok());
  EXPECT_THAT(values, ElementsAre(::testing::Lt(0), ::testing::Lt(0)));
}

TEST(BinaryRowTest, ANullIsNotOk) {
  BinaryRows rows;
  rows.BeginRow(3);
  rows.AddInt4Array({1, 2});
  rows.AddInt4(3);
  std::string bytes(rows.bytes());
  bytes.insert(2, "\xFF\xFF\xFF\xFF");  // The length of a null, without a value.
  std::vector<int32_t> values = {99};
  BinaryRow array(bytes);
  array.ReadInt4Array(values);
  EXPECT_FALSE(array.ok());
  EXPECT_THAT(values, IsEmpty());
  BinaryRow number(bytes);
  EXPECT_EQ(number.ReadInt4(), 0);
  EXPECT_FALSE(number.ok());
}

TEST(BinaryRowTest, AnArrayIsAsLongAsItsElements) {
  BinaryRows rows;
  rows.BeginRow(1);
  rows.AddInt4Array({1, 2});
  for (const size_t place : {2 + 3, 2 + 4 + 3, 2 + 4 + 12 + 3}) {  // Bytes, dimensions, elements.
    std::string bytes(rows.bytes());
    ++bytes[place];
    BinaryRow row(bytes);
    std::vector<int32_t> values;
    row.ReadInt4Array(values);
    EXPECT_FALSE(row.ok()) << place;
  }
}

TEST(BinaryRowTest, AnEmptyArrayHasItsHeaderAlone) {
  BinaryRows rows;
  rows.BeginRow(1);
  rows.AddInt4Array({});
  std::string bytes(rows.bytes());
  ++bytes[2 + 3];
  std::vector<int32_t> values;
  BinaryRow row(bytes);
  row.ReadInt4Array(values);
  EXPECT_FALSE(row.ok());
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
