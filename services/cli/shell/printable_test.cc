#include "services/cli/shell/printable.h"

#include <string>

#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

TEST(PrintableTest, EscapesControlCharacters) {
  EXPECT_EQ(Printable("S\u00e3o\t上海\n"), "São\t上海\n");
  EXPECT_EQ(Printable("\x1b[2J\r\a\x7f\x9b\u009b"), "\\x1b[2J\\x0d\\x07\\x7f\\x9b\\u009b");
  EXPECT_EQ(Printable("a\u202eb\u2066c\u2028"), "a\\u202eb\\u2066c\\u2028");
  EXPECT_EQ(Printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(Printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(PrintableLine("a\nb\tc"), "a\\nb\\tc");
}

// Each range of what is escaped, and what stands beside it.
TEST(PrintableTest, EscapesNoMoreThanIsHarmful) {
  EXPECT_EQ(Printable("\x1e\x1f !"), "\\x1e\\x1f !");
  EXPECT_EQ(Printable("~\x7f"), "~\\x7f");
  EXPECT_EQ(Printable("\u0080\u009f\u00a0"), "\\u0080\\u009f\u00a0");
  EXPECT_EQ(Printable("\u061b\u061c\u061d"), "\u061b\\u061c\u061d");
  EXPECT_EQ(Printable("\u200d\u200e\u200f\u2010"), "\u200d\\u200e\\u200f\u2010");
  EXPECT_EQ(Printable("\u2027\u2028\u202e\u202f"), "\u2027\\u2028\\u202e\u202f");
  EXPECT_EQ(Printable("\u2065\u2066\u2069\u206a"), "\u2065\\u2066\\u2069\u206a");
}

TEST(PrintableTest, FindsAnIncompleteCharacterAtTheEnd) {
  EXPECT_EQ(IncompleteTail("a"), 0);
  EXPECT_EQ(IncompleteTail("a\xe4"), 1);
  EXPECT_EQ(IncompleteTail("a\xe4\xb8"), 2);
  EXPECT_EQ(IncompleteTail("a\xe4\xb8\x8a"), 0);
  EXPECT_EQ(IncompleteTail("\xf0\x9f\x9a"), 3);
  EXPECT_EQ(IncompleteTail("a\xf0\x9f\x9a\xa2"), 0);
  EXPECT_EQ(IncompleteTail("\xc3"), 1);
  EXPECT_EQ(IncompleteTail("\x80\x80\x80\x80"), 0);
}

}  // namespace
}  // namespace fairway::cli
