#include "libs/base/name_counts.h"

#include "gtest/gtest.h"

namespace fairway {
namespace {

TEST(NameCountsTest, CountsEachNameByItself) {
  NameCounts counts;
  counts.Add("a");
  counts.Add("a");
  counts.Add("b");
  EXPECT_EQ(counts.Of("a"), 2);
  EXPECT_EQ(counts.Of("c"), 0);
  counts.Remove("a");
  counts.Remove("b");
  EXPECT_EQ(counts.Of("a"), 1);
  EXPECT_EQ(counts.Of("b"), 0);
}

}  // namespace
}  // namespace fairway
