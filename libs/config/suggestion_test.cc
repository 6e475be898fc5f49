#include "libs/config/suggestion.h"

#include <string>

#include "gtest/gtest.h"

namespace fairway::config {
namespace {

TEST(ClosestNameTest, FindsMisspellings) {
  const std::vector<std::string> names = {"upload", "load", "rates", "batches"};
  for (const char* word : {"uplod", "uplaod", "uploadd", "upoald", "uploud", "upload"}) {
    EXPECT_EQ(ClosestName(word, names), "upload") << word;
  }
  EXPECT_EQ(ClosestName("laod", names), "load");
  EXPECT_EQ(ClosestName("rate", names), "rates");
  EXPECT_EQ(ClosestName("bat", {"bats", "cat", "bad"}), "bats") << "the first of the closest";
  EXPECT_EQ(ClosestName("batchxs", {"batches"}), "batches");
}

TEST(ClosestNameTest, ReturnsNothingForOtherWords) {
  const std::vector<std::string> names = {"upload", "load", "rates", "ab"};
  for (const std::string& word :
       {std::string(), std::string("x"), std::string("download"), std::string("ports"),
        std::string("ac"), std::string(100'000, 'x')}) {
    EXPECT_EQ(ClosestName(word, names), "") << word.substr(0, 20);
  }
  EXPECT_EQ(ClosestName("upload", {}), "");
  // Two edits of four letters are half of them, of five less; three edits are too many.
  EXPECT_EQ(ClosestName("lxxd", {"load"}), "");
  EXPECT_EQ(ClosestName("rxxes", {"rates"}), "rates");
  EXPECT_EQ(ClosestName("bxxxhes", {"batches"}), "");
}

}  // namespace
}  // namespace fairway::config
