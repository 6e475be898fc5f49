#include "libs/postgres/binary_rows.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace fairway::postgres {
namespace {

std::string Hex(const BinaryRows& rows) { return absl::BytesToHexString(rows.bytes()); }

TEST(BinaryRowsTest, ValuesHaveTheirLengthBeforeThem) {
  BinaryRows rows;
  rows.BeginRow(2);
  rows.AddInt4(258);
  rows.AddInt8(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(Hex(rows),
            "0002"
            "0000000400000102"
            "000000088000000000000000");
}

TEST(BinaryRowsTest, DaysCountFromTheYear2000OnTheWire) {
  BinaryRows rows;
  rows.AddDateArray({10957, 10956});
  EXPECT_EQ(Hex(rows),
            "00000024"
            "00000001"
            "00000000"
            "0000043a"
            "00000002"
            "00000001"
            "0000000400000000"
            "00000004ffffffff");
}

TEST(BinaryRowsTest, ArraysHaveOneDimensionFromOne) {
  BinaryRows rows;
  rows.AddInt4Array({7, -1});
  rows.AddDateArray(std::vector<int32_t>{10958});
  EXPECT_EQ(Hex(rows),
            "00000024"
            "00000001"
            "00000000"
            "00000017"
            "00000002"
            "00000001"
            "0000000400000007"
            "00000004ffffffff"
            "0000001c"
            "00000001"
            "00000000"
            "0000043a"
            "00000001"
            "00000001"
            "0000000400000001");
}

TEST(BinaryRowsTest, EmptyArraysHaveNoDimension) {
  BinaryRows rows;
  rows.AddInt4Array({});
  EXPECT_EQ(Hex(rows),
            "0000000c"
            "00000000"
            "00000000"
            "00000017");
}

TEST(BinaryRowsTest, IsFullFromItsSizeOn) {
  BinaryRows rows;
  while (rows.bytes().size() + 8 < BinaryRows::kFullBytes) rows.AddInt4(1);
  EXPECT_FALSE(rows.full());
  rows.AddInt4(1);
  EXPECT_EQ(rows.bytes().size(), BinaryRows::kFullBytes);
  EXPECT_TRUE(rows.full());
}

TEST(BinaryRowsTest, GrowsAndKeepsWhatItHas) {
  BinaryRows rows;
  std::string expected;
  for (int i = 0; i < 50'000; ++i) {
    rows.AddInt8(0x30313233'34353637);
    expected.append(
        "\0\0\0\x08"
        "01234567",
        12);
  }
  EXPECT_TRUE(rows.full());
  EXPECT_TRUE(rows.bytes() == expected);
  rows.Clear();
  EXPECT_FALSE(rows.full());
  EXPECT_TRUE(rows.bytes().empty());
}

}  // namespace
}  // namespace fairway::postgres
