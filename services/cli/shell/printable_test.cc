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

TEST(PrintableTest, FindsAnIncompleteCharacterAtTheEnd) {
  EXPECT_EQ(IncompleteTail("a"), 0);
  EXPECT_EQ(IncompleteTail("a\xe4"), 1);
  EXPECT_EQ(IncompleteTail("a\xe4\xb8"), 2);
  EXPECT_EQ(IncompleteTail("a\xe4\xb8\x8a"), 0);
  EXPECT_EQ(IncompleteTail("\x80\x80\x80\x80"), 0);
}

}  // namespace
}  // namespace fairway::cli
