#include "libs/price_files/dollars.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fairway::price_files {
namespace {

TEST(DollarsTest, ReadsUnambiguousPricesOnly) {
  struct Case {
    const char* text;
    std::string plain;       // Without quotes.
    std::string quoted;      // Within them.
    std::string semicolons;  // Within them, in a file of semicolons.
  };
  const std::string no = "no";
  for (const Case& c :
       {Case{"1250", "1250", "1250", "1250"},
        {"0", "0", "0", "0"},
        {"-5", "-5", "-5", "-5"},
        {"007", "7", "7", "7"},
        {" 5 ", "5", "5", "5"},
        {"1250.00", "1250", "1250", "1250"},
        {"1250.0", "1250", "1250", "1250"},
        {"1250,00", "1250", "1250", "1250"},
        {"1250,0", "1250", "1250", "1250"},
        {"1,250", no, "1250", no},
        {"1,250.00", no, "1250", no},
        {"12,345,678", no, "12345678", no},
        {"-1,250", no, "-1250", no},
        {"999999999999999999", "999999999999999999", "999999999999999999", "999999999999999999"},
        {"1000000000000000000", "large", "large", "large"},
        {"", "missing", "missing", "missing"},
        {"  ", "missing", "missing", "missing"},
        {"1.250", no, no, no},
        {"1.000", no, no, no},
        {"1250.000", no, no, no},
        {"1.250,00", no, no, no},
        {"1250.50", no, no, no},
        {"1250,50", no, no, no},
        {"1,25", no, no, no},
        {"1,2500", no, no, no},
        {"1250,000", no, no, no},
        {"0,250", no, no, no},
        {",250", no, no, no},
        {"1,250,", no, no, no},
        {"1,,250", no, no, no},
        {"1,250,00", no, no, no},
        {"12,34,567", no, no, no},
        {"1250.", no, no, no},
        {".00", no, no, no},
        {"+5", no, no, no},
        {"--5", no, no, no},
        {"-", no, no, no},
        {"1e3", no, no, no},
        {"0x10", no, no, no},
        {"$1250", no, no, no},
        {"1250 USD", no, no, no},
        {"1 250", no, no, no},
        {"1\xc2\xa0"
         "250",
         no, no, no},
        {"\xc2\xa0"
         "1250",
         no, no, no},
        {"１２５０", no, no, no},
        {"1'250", no, no, no},
        {"1_250", no, no, no},
        {"nan", no, no, no}}) {
    const auto read = [&](bool quoted, char separator) -> std::string {
      int64_t dollars = -1;
      switch (ReadDollars({.text = c.text, .quoted = quoted}, separator, dollars)) {
        case DollarsText::kWhole:
          return absl::StrCat(dollars);
        case DollarsText::kMissing:
          return "missing";
        case DollarsText::kTooLarge:
          return "large";
        case DollarsText::kNotANumber:
          return "no";
      }
      return "";
    };
    EXPECT_EQ(read(false, ','), c.plain) << c.text;
    EXPECT_EQ(read(true, ','), c.quoted) << c.text;
    EXPECT_EQ(read(true, ';'), c.semicolons) << c.text;
    EXPECT_EQ(read(false, ';'), c.semicolons) << c.text;
  }
}

TEST(DollarsTest, LeadingZerosAreNoDigitsOfTheAmount) {
  int64_t dollars = 0;
  EXPECT_EQ(ReadDollars({.text = "00000000000000000000000007"}, ',', dollars), DollarsText::kWhole);
  EXPECT_EQ(dollars, 7);
}

}  // namespace
}  // namespace fairway::price_files
