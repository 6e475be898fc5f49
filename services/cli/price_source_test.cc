#include "services/cli/price_source.h"

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "services/cli/dollars.h"
#include "services/cli/exit_code.h"
#include "services/cli/testing/block_source.h"
#include "services/cli/testing/compress.h"

// What becomes of the files of CSV that people send.
namespace fairway::cli {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::string_view kHeading = "origin,destination,day,price\n";

// Rows as "2: A B C 5", with their lines, and " !field REASON value" for each error.
absl::StatusOr<std::vector<std::string>> RowsOf(absl::string_view file, size_t block_bytes = 4096) {
  ASSIGN_OR_RETURN(const auto source,
                   CsvPriceSource::Read(std::make_unique<BlockSource>(file, block_bytes)));
  std::vector<PriceText> prices;
  while (true) {
    PriceText price;
    ASSIGN_OR_RETURN(const bool more, source->Next(price));
    if (!more) break;
    prices.push_back(std::move(price));
  }
  std::vector<std::string> rows;
  for (const PriceText& price : prices) {
    rows.push_back(absl::StrCat(source->LineOfRow(static_cast<int64_t>(rows.size())), ": ",
                                price.origin, " ", price.destination, " ", price.day, " ",
                                price.price));
    for (const RowError& error : price.errors) {
      absl::StrAppend(&rows.back(), " !", error.field, " ", RowErrorReasonName(error.reason), " ",
                      error.value);
    }
  }
  return rows;
}

// The only row of a file with the usual heading.
std::string RowOf(absl::string_view row) {
  const auto rows = RowsOf(absl::StrCat(kHeading, row, "\n"));
  return !rows.ok()          ? std::string(rows.status().message())
         : rows->size() != 1 ? absl::StrCat(rows->size(), " rows")
                             : rows->front();
}

TEST(CsvPriceTest, EveryBadRowIsFoundWithItsLineFieldReasonAndValue) {
  EXPECT_THAT(
      RowsOf(absl::StrCat(kHeading,
                          "CNSHA,NLRTM,2026-06-01,1250\nCNSHA,NLRTM,2026-06-01,1250.50\n"
                          "XXXXX,NLRTM,2026-06-01,1250\nCNSHA,NLRTM,2026-06-31,1250\n"
                          "CNSHA,NLRTM,2026-06-01,n/a\nCNSHA,NLRTM,2026-06-01,\n"
                          "CNSHA,NLRTM,2026-06-01,0\n")),
      IsOkAndHolds(ElementsAre("2: CNSHA NLRTM 2026-06-01 1250",
                               "3: CNSHA NLRTM 2026-06-01 0 !price NOT_A_NUMBER 1250.50",
                               "4: XXXXX NLRTM 2026-06-01 1250", "5: CNSHA NLRTM 2026-06-31 1250",
                               "6: CNSHA NLRTM 2026-06-01 0 !price NOT_A_NUMBER n/a",
                               "7: CNSHA NLRTM 2026-06-01 0 !price MISSING_FIELD ",
                               "8: CNSHA NLRTM 2026-06-01 0")));
}

TEST(CsvPriceTest, MoreFieldsThanTheHeadingNamesAreNoPrice) {
  for (const char* row : {"A,B,C,1,250", "A,B,C,1250,50", "A,B,C,1,250,", "A,B,C,1250,,x"}) {
    EXPECT_EQ(RowOf(row), absl::StrCat("2:    0 !row MALFORMED_ROW ", row));
  }
  for (const char* row : {"A,B,C,1250", "A,B,C,1250,", "A,B,C,1250,,,,", "A , B,\tC, 1250 ,"}) {
    EXPECT_EQ(RowOf(row), "2: A B C 1250");
  }
  // The heading's unnamed end names nothing; a column without a name before it is one all the same.
  EXPECT_THAT(
      RowsOf("origin,destination,day,price,,\nA,B,C,1,250,\nA,B,C,1250,,\n"),
      IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A,B,C,1,250,", "3: A B C 1250")));
  EXPECT_THAT(RowsOf(",origin,destination,day,price\n0,A,B,C,1250\n"),
              IsOkAndHolds(ElementsAre("2: A B C 1250")));
}

TEST(CsvPriceTest, ACommaWithinThePriceIsFoundBeforeOtherColumnsToo) {
  EXPECT_THAT(
      RowsOf("origin,destination,day,price,note\nA,B,C,1,250,\nA,B,C,1250,50,\n"
             "A,B,C,1250,x,\nA,B,C,1250,7\nA,B,C,1,250,x\n"),
      IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A,B,C,1,250,",
                               "3:    0 !row MALFORMED_ROW A,B,C,1250,50,", "4: A B C 1250",
                               "5: A B C 1250", "6:    0 !row MALFORMED_ROW A,B,C,1,250,x")));
}

// A column that has a name may take the rest of a price as well.
TEST(CsvPriceTest, APriceThatMayGoOnInTheNextColumnIsNoNumber) {
  EXPECT_THAT(
      RowsOf(
          "origin,destination,day,price,note,more\nA,B,C,1,250\nA,B,C,850,120,x\nA,B,C,1,250.00\n"
          "A,B,C,12,345,678\nA,B,C,-1,250\nA,B,C,1, 250 ,\n"),
      IsOkAndHolds(ElementsAre(
          "2: A B C 0 !price NOT_A_NUMBER 1,250", "3: A B C 0 !price NOT_A_NUMBER 850,120",
          "4: A B C 0 !price NOT_A_NUMBER 1,250.00", "5: A B C 0 !price NOT_A_NUMBER 12,345",
          "6: A B C 0 !price NOT_A_NUMBER -1,250", "7: A B C 0 !price NOT_A_NUMBER 1,250")));
  EXPECT_THAT(RowsOf("origin,destination,day,price,note\nA,B,C,1250,250\nA,B,C,1,25\nA,B,C,1,2500\n"
                     "A,B,C,1,250x\nA,B,C,\"1\",250\nA,B,C,1,\"250\"\nA,B,C,\"1,250\",250\n"
                     "A,B,C,1.00,250\nA,B,C,1250,50\nA,B,C,1,\n"),
              IsOkAndHolds(ElementsAre("2: A B C 1250", "3: A B C 1", "4: A B C 1", "5: A B C 1",
                                       "6: A B C 1", "7: A B C 1", "8: A B C 1250", "9: A B C 1",
                                       "10: A B C 1250", "11: A B C 1")));
  for (const char* heading :
       {"origin,destination,price,note,day\n", "price,note,origin,destination,day\n"}) {
    const bool is_first = absl::StartsWith(heading, "price");
    EXPECT_THAT(RowsOf(absl::StrCat(heading, is_first ? "1,250,A,B,C\n" : "A,B,1,250,C\n")),
                IsOkAndHolds(ElementsAre("2: A B C 0 !price NOT_A_NUMBER 1,250")));
  }
  // What stands before a price is no part of it, and other separators are no part of any.
  EXPECT_THAT(RowsOf("origin,destination,day,teu,price\nA,B,C,2,450\n"),
              IsOkAndHolds(ElementsAre("2: A B C 450")));
  for (const char* separator : {";", "\t", "|"}) {
    EXPECT_THAT(RowsOf(absl::StrReplaceAll("origin,destination,day,price,teu\nA,B,C,850,120\n",
                                           {{",", separator}})),
                IsOkAndHolds(ElementsAre("2: A B C 850")));
  }
}

TEST(CsvPriceTest, AColumnWithoutANameHoldsNothing) {
  EXPECT_THAT(RowsOf("origin,destination,price,,day\nA,B,1,250,C\nA,B,1250,50,C\nA,B,1250,,C\n"
                     "A,B,1250, ,C\nA,B,1250,\"\",C\n,,,,\n"),
              IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A,B,1,250,C",
                                       "3:    0 !row MALFORMED_ROW A,B,1250,50,C", "4: A B C 1250",
                                       "5: A B C 1250", "6: A B C 1250")));
  EXPECT_THAT(RowsOf("price,,origin,destination,day\n1,250,A,B,C\n1250,,A,B,C\n"),
              IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW 1,250,A,B,C", "3: A B C 1250")));
  EXPECT_THAT(RowsOf("origin;destination;price;;day\nA;B;1.250;;C\nA;B;1;250;C\nA;B;1 250;;C\n"
                     "A;B;1'250;;C\n"),
              IsOkAndHolds(ElementsAre(
                  "2: A B C 0 !price NOT_A_NUMBER 1.250", "3:    0 !row MALFORMED_ROW A;B;1;250;C",
                  "4: A B C 0 !price NOT_A_NUMBER 1 250", "5: A B C 0 !price NOT_A_NUMBER 1'250")));
  EXPECT_THAT(
      RowsOf("origin\tdestination\tprice\t\tday\nA\tB\t1\t250\tC\nA\tB\t1250\t\tC\n"),
      IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A\tB\t1\t250\tC", "3: A B C 1250")));
  // But programs number their rows in front of them, under no name.
  EXPECT_THAT(RowsOf(",,origin,destination,day,price\n0,1,A,B,C,1250\n"),
              IsOkAndHolds(ElementsAre("2: A B C 1250")));
}

TEST(CsvPriceTest, RowsThatAreNotSplitAsTheHeadingIsAreMalformed) {
  EXPECT_EQ(RowOf("\"A,B,C,5\""), "2:    0 !row MALFORMED_ROW \"A,B,C,5\"");
  EXPECT_THAT(RowsOf(absl::StrCat(kHeading, "A;B;C;5\nA\tB\tC\t5\nA,B,C,5\n")),
              IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A;B;C;5",
                                       "3:    0 !row MALFORMED_ROW A\tB\tC\t5", "4: A B C 5")));
}

TEST(CsvPriceTest, FieldsThatAreNotThereAreMissing) {
  EXPECT_EQ(RowOf("A,B,C"), "2: A B C 0 !price MISSING_FIELD ");
  EXPECT_EQ(RowOf("A"),
            "2: A   0 !price MISSING_FIELD  !destination MISSING_FIELD  !day "
            "MISSING_FIELD ");
  EXPECT_EQ(RowOf(",B,C,5"), "2:  B C 5");  // The service finds it.
  EXPECT_EQ(RowOf(",B,C,x"), "2:  B C 0 !price NOT_A_NUMBER x !origin MISSING_FIELD ");
  EXPECT_THAT(RowsOf("price,origin,destination,day,note\n5,A,B,C\n"),
              IsOkAndHolds(ElementsAre("2: A B C 5")));
}

TEST(CsvPriceTest, TextThatIsNotUtf8IsToldAsBytes) {
  EXPECT_EQ(RowOf("NLRT\xcd,B,C,5"), "2:  B C 5 !origin NOT_UTF8 NLRT\\xcd");
  EXPECT_EQ(RowOf("A,\xff,C,0"),
            "2: A  C 0 !destination NOT_UTF8 \\xff !price "
            "PRICE_OUT_OF_RANGE 0");
  EXPECT_EQ(RowOf("A,B,C,5\x80"), "2: A B C 0 !price NOT_UTF8 5\\x80");
  EXPECT_THAT(RowsOf("origin,destination,day,price,note\nA,B,C,5,K\xf6ln\n"),
              IsOkAndHolds(ElementsAre("2: A B C 5")));
  EXPECT_THAT(RowOf("A,B,C," + std::string(500, 'x')), EndsWith(" " + std::string(64, 'x')));
}

TEST(CsvPriceTest, EmptyRowsArePassedOverAndCounted) {
  EXPECT_THAT(
      RowsOf("\n,,,\r\norigin,destination,day,price\r\n\r\n,,,\r\n ,\t,,\r\nA,B,C,5\r\n,,,,,\n"),
      IsOkAndHolds(ElementsAre("7: A B C 5")));
  EXPECT_THAT(RowsOf(absl::StrCat(kHeading, ",,,\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("it has no prices")));
}

TEST(CsvPriceTest, QuotesHoldWhatSeparates) {
  EXPECT_EQ(RowOf("\"A\",\"B\",\"C\",\"5\""), "2: A B C 5");
  EXPECT_EQ(RowOf("\"A,\"\"x\",B, \"C\" ,5"), "2: A,\"x B C 5");
  EXPECT_EQ(RowOf("A\"x,B,C,5"), "2: A\"x B C 5");
  EXPECT_EQ(RowOf("\"A\"x,B,C,5"), "2:    0 !row MALFORMED_ROW \"A\"x,B,C,5");
  EXPECT_THAT(
      RowsOf("note,origin,destination,day,price\r\n\"one\r\ntwo\n\n\",A,B,C,5\r\n,D,E,F,6\r\n"),
      IsOkAndHolds(ElementsAre("2: A B C 5", "6: D E F 6")));
  EXPECT_THAT(RowsOf("\"note\nof it\",origin,destination,day,price\nx,A,B,C,5\n"),
              IsOkAndHolds(ElementsAre("3: A B C 5")));
}

TEST(CsvPriceTest, AQuoteThatIsNeverClosedEndsTheFile) {
  EXPECT_THAT(
      RowsOf(absl::StrCat(kHeading, "A,B,C,5\nA,B,C,\"5\nA,B,C,6\nA,B,C,7\n")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("a.csv:3: a quote is opened and not closed before the file ends")));
  std::string file = absl::StrCat(kHeading, "A,B,C,\"5\n");
  while (file.size() < 3 << 20) absl::StrAppend(&file, "A,B,C,6\n");
  EXPECT_THAT(RowsOf(file),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a.csv:2: a quote is opened and not closed within")));
  EXPECT_THAT(RowsOf("\"origin,destination,day,price\nA,B,C,5\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a.csv")));
}

TEST(CsvPriceTest, SeparatorsAreFoundByTheHeading) {
  for (const char* separator : {",", ";", "\t", "|"}) {
    const std::string file = absl::StrReplaceAll(
        "Origin,Destination,Day,Price,note;x\nA,B,C,5,\"x,;\t|\"\n", {{",", separator}});
    EXPECT_THAT(RowsOf(file), IsOkAndHolds(ElementsAre("2: A B C 5"))) << file;
    EXPECT_THAT(RowsOf(absl::StrCat("\xef\xbb\xbfsep=", separator, "\r\n", file)),
                IsOkAndHolds(ElementsAre("3: A B C 5")));
  }
  EXPECT_THAT(RowsOf("SEP=;\norigin;destination;day;price\nA;B;C;1250,00\nA;B;C;1,250\n"
                     "A;B;C;\"1,250\"\nA;B;C;1;250\n"),
              IsOkAndHolds(ElementsAre("3: A B C 1250", "4: A B C 0 !price NOT_A_NUMBER 1,250",
                                       "5: A B C 0 !price NOT_A_NUMBER 1,250",
                                       "6:    0 !row MALFORMED_ROW A;B;C;1;250")));
  EXPECT_THAT(RowsOf("sep=x\noriginxdestinationxdayxprice\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a.csv:1: it says sep=x")));
}

TEST(CsvPriceTest, HeadingsSayWhatIsMeant) {
  EXPECT_THAT(RowsOf("\xef\xbb\xbf\"PRICE\", Day ,x,destination,origin\n5,C,y,B,A\n"),
              IsOkAndHolds(ElementsAre("2: A B C 5")));
  for (const auto& [file, what] : std::vector<std::pair<std::string, std::string>>{
           {"", "it is empty"},
           {"\n\n", "it is empty"},
           {"\x1a", "it is empty"},
           {"origin,destination,day,price,Price\n", "names the column price twice"},
           {"from,to,day,price\n", "origin is missing, destination is missing; it says \"from,to"},
           {"CNSHA,NLRTM,2026-03-01,1250\n", "it says \"CNSHA,NLRTM,2026-03-01,1250\""},
           {"origin destination day price\n", "origin is missing"},
           {"origin;destination;day,price\n", "one separator is expected, and it holds , and ;"},
           {"\xff\xfe\xfe", "UTF-16"},
           {absl::StrReplaceAll(kHeading, {{"\n", "\rA,B,C,5\r"}}), "CR alone"},
           {Gzip(Gzip("x")), "compressed twice"}}) {
    EXPECT_THAT(RowsOf(file), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(what)))
        << absl::CHexEscape(file);
    EXPECT_EQ(ExitCodeOf(RowsOf(file).status()), ExitCode::kFile);
  }
}

TEST(CsvPriceTest, TheEndOfFileMarkOfDosIsNoText) {
  for (const char* end : {"\r\n\x1a", "\x1a", "\r\n\x1a\x1a\x1a", "\r\n\x1a\r\n"}) {
    EXPECT_THAT(RowsOf(absl::StrCat(kHeading, "A,B,C,5", end)),
                IsOkAndHolds(ElementsAre("2: A B C 5")));
  }
  EXPECT_THAT(RowsOf(absl::StrCat(kHeading, "A,B,C,5\x1a\nA,B,C,6\n")),
              IsOkAndHolds(ElementsAre("2: A B C 0 !price NOT_A_NUMBER 5\x1a", "3: A B C 6")));
}

// A pipe whose writer failed ends anywhere: "1250" may have become "12".
TEST(CsvPriceTest, APipeEndsWithALineEnd) {
  const auto last_row_of = [](absl::string_view file, bool is_pipe) -> std::string {
    auto bytes = std::make_unique<BlockSource>(file, 16);
    if (is_pipe) bytes->BecomePipe();
    const auto source = CsvPriceSource::Read(std::move(bytes));
    if (!source.ok()) return std::string(source.status().message());
    PriceText price;
    std::string last;
    while (true) {
      const absl::StatusOr<bool> more = (*source)->Next(price);
      if (!more.ok()) return absl::StrCat(ReasonOf(more.status()), " ", more.status().message());
      if (!*more) return last;
      last = absl::StrCat(price.origin, " ", price.price);
    }
  };
  const std::string two = absl::StrCat(kHeading, "A,B,C,1\nD,E,F,2\n");
  for (const char* whole :
       {"", "G,H,I,1250\n", "G,H,I,1250\r\n", "\n\n", ",,,", " ", "\x1a", "G,H,I,12\x1a"}) {
    EXPECT_EQ(last_row_of(two + whole, true), last_row_of(two + whole, false)) << whole;
  }
  for (const char* cut : {"G,H,I,12", "G,H,I,\"12\"", "G,H", "G,H,I,12,", "G,H,\"I\nI\",12"}) {
    EXPECT_THAT(last_row_of(two + cut, true), HasSubstr("FILE_CONTENT s3://prices/a.csv:")) << cut;
    EXPECT_THAT(last_row_of(two + cut, true), HasSubstr("ends without a line end")) << cut;
    EXPECT_THAT(last_row_of(two + cut, false), Not(HasSubstr("line end"))) << cut;
  }
  // What is compressed says itself where it ends.
  for (const std::string& packed : {Gzip(two + "G,H,I,1250"), Zstd(two + "G,H,I,1250")}) {
    EXPECT_EQ(last_row_of(packed, true), "G 1250");
  }
}

TEST(DollarsTest, OnlyWhatMeansOneThingIsRead) {
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

}  // namespace
}  // namespace fairway::cli
