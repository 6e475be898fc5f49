#include "libs/base/utf8_prefix.h"

#include "gtest/gtest.h"

namespace fairway {
namespace {

TEST(Utf8PrefixTest, KeepsWhatFits) {
  EXPECT_EQ(Utf8Prefix("", 0), "");
  EXPECT_EQ(Utf8Prefix("abc", 4), "abc");
  EXPECT_EQ(Utf8Prefix("abc", 3), "abc");
  EXPECT_EQ(Utf8Prefix("abc", 2), "ab");
  EXPECT_EQ(Utf8Prefix("abc", 0), "");
}

TEST(Utf8PrefixTest, CutsBeforeACharacterOfAnyLength) {
  EXPECT_EQ(Utf8Prefix("xé", 2), "x");
  EXPECT_EQ(Utf8Prefix("xéy", 3), "xé");
  EXPECT_EQ(Utf8Prefix("é", 1), "");
  const absl::string_view ship = "x\xF0\x9F\x9A\xA2y";
  for (const size_t bytes : {1, 2, 3, 4}) EXPECT_EQ(Utf8Prefix(ship, bytes), "x") << bytes;
  EXPECT_EQ(Utf8Prefix(ship, 5), ship.substr(0, 5));
  // Those whose second byte is 0x80 to 0x9F, or 0xA0 to 0xBF.
  EXPECT_EQ(Utf8Prefix("\xC2\x80", 1), "");
  EXPECT_EQ(Utf8Prefix("\xC2\xBF", 1), "");
}

}  // namespace
}  // namespace fairway
