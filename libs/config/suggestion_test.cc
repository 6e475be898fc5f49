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
}

TEST(ClosestNameTest, ReturnsNothingForOtherWords) {
  const std::vector<std::string> names = {"upload", "load", "rates", "ab"};
  for (const std::string& word :
       {std::string(), std::string("x"), std::string("download"), std::string("ports"),
        std::string("ac"), std::string(100'000, 'x')}) {
    EXPECT_EQ(ClosestName(word, names), "") << word.substr(0, 20);
  }
  EXPECT_EQ(ClosestName("upload", {}), "");
}

}  // namespace
}  // namespace fairway::config
