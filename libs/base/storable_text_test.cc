#include "libs/base/storable_text.h"

#include <string>

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
