#include "services/cli/transfer/day_hint.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

using ::testing::IsEmpty;

TEST(IsoDayOfTest, ReadsWhatHasOneMeaning) {
  for (const char* text : {"01.03.2026", "1.3.2026", "2026/03/01", "2026-3-1", "20260301"}) {
    EXPECT_EQ(IsoDayOf(text), "2026-03-01") << text;
  }
  EXPECT_EQ(IsoDayOf("13/1/2026"), "2026-01-13") << "there is no month 13";
  EXPECT_EQ(IsoDayOf("1-13-2026"), "2026-01-13");
  EXPECT_EQ(IsoDayOf("3/3/2026"), "2026-03-03") << "the same either way";
}

TEST(IsoDayOfTest, DoesNotGuess) {
  for (const char* text :
       {"", "3/1/2026", "01-03-2026", "1.3.26", "31.02.2026", "13/13/2026", "01.03.1926", "2026",
        "2026-02-30", "20261301", "yesterday", "1.March.2026", "+1.3.2026", "1.3.2026.1",
        "00/00/2026", "1..2026", "0/1/2026"}) {
    EXPECT_THAT(IsoDayOf(text), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace fairway::cli
