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
  rows.BeginRow(6);
  rows.AddInt2(-2);
  rows.AddInt4(258);
  rows.AddInt8(std::numeric_limits<int64_t>::min());
  rows.AddText("ab");
  rows.AddText("");
  rows.AddNull();
  EXPECT_EQ(Hex(rows),
            "0006"
            "00000002fffe"
            "0000000400000102"
            "000000088000000000000000"
            "000000026162"
            "00000000"
            "ffffffff");
}

TEST(BinaryRowsTest, DaysCountFromTheYear2000OnTheWire) {
  BinaryRows rows;
  rows.AddDate(10957);
  rows.AddDate(10956);
  EXPECT_EQ(Hex(rows),
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

TEST(BinaryRowsTest, ValuesMayBeComputed) {
  BinaryRows computed;
  computed.AddInt4Array(3, [](size_t i) { return static_cast<int32_t>(i * i); });
  BinaryRows stored;
  stored.AddInt4Array({0, 1, 4});
  EXPECT_EQ(Hex(computed), Hex(stored));
}

TEST(BinaryRowsTest, GrowsAndKeepsWhatItHas) {
  BinaryRows rows;
  std::string expected;
  for (int i = 0; i < 50'000; ++i) {
    rows.AddText("0123456789");
    expected.append(
        "\0\0\0\x0a"
        "0123456789",
        14);
  }
  EXPECT_TRUE(rows.full());
  EXPECT_TRUE(rows.bytes() == expected);
  rows.Clear();
  EXPECT_FALSE(rows.full());
  EXPECT_TRUE(rows.bytes().empty());
}

}  // namespace
}  // namespace fairway::postgres
