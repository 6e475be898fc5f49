#include "libs/price_files/csv_fields.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fairway::price_files {
namespace {

TEST(CsvFieldTest, IsReadBackUnchanged) {
  for (const std::string& text :
       {std::string("plain"), std::string("a,b"), std::string("\"q\""), std::string(),
        std::string("\""), std::string("a\nb"), std::string("a\rb"), std::string("a\r")}) {
    CsvSplitter splitter(',');
    splitter.Begin();
    splitter.Add(absl::StrCat("x,", CsvField(text)));
    EXPECT_TRUE(splitter.End());
    EXPECT_EQ(splitter.values()[1].text, text);
  }
}

}  // namespace
}  // namespace fairway::price_files
