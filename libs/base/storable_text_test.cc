#include "libs/base/storable_text.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace fairway {
namespace {

TEST(StorableTextTest, KeepsWhatIsUtf8) {
  for (const char* const text :
       {"", "plain", "a\tb\n", "é", "价格", "\xF0\x9F\x9A\xA2", "\xEF\xBF\xBD", "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(StorableText(text), text);
  }
}

// Both sides of each bound of what is a character.
TEST(StorableTextTest, ChecksEachBoundOfUtf8) {
  for (const char* const text : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xE1\x80\x80",
                                 "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBE", "\xF0\x90\x80\x80",
                                 "\xF1\x80\x80\x80", "\xF4\x8F\xBF\xBF", "\x01", "\x7F"}) {
    EXPECT_EQ(StorableText(text), text);
  }
  for (const std::string text :
       {"\xC1\xBF", "\xC2\x7F", "\xC2\xC0", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {
    EXPECT_EQ(StorableText(text).substr(0, 3), "\xEF\xBF\xBD") << absl::CHexEscape(text);
  }
  EXPECT_EQ(StorableText("\xE4\xBBx"), "\xEF\xBF\xBD\xEF\xBF\xBDx");
  EXPECT_EQ(StorableText("\xF1\x80\x80x"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx");
}

TEST(StorableTextTest, ReplacesEachByteThatIsNot) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(StorableText(absl::string_view("a\0b", 3)), "a" + mark + "b");
  EXPECT_EQ(StorableText("NLRT\xcd"), "NLRT" + mark);
  EXPECT_EQ(StorableText("\xC3(x"), mark + "(x");
  EXPECT_EQ(StorableText("\x80"), mark);
  EXPECT_EQ(StorableText("\xC0\xAF"), mark + mark) << "overlong";
  EXPECT_EQ(StorableText("\xE0\x80\xAF"), mark + mark + mark) << "overlong";
  EXPECT_EQ(StorableText("\xED\xA0\x80"), mark + mark + mark) << "half of a surrogate pair";
  EXPECT_EQ(StorableText("\xF4\x90\x80\x80"), mark + mark + mark + mark) << "beyond Unicode";
  EXPECT_EQ(StorableText("\xFF\xFEx"), mark + mark + "x");
  EXPECT_EQ(StorableText("x\xE4\xBB"), "x" + mark + mark) << "cut";
}

}  // namespace
}  // namespace fairway
