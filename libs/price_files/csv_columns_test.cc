#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/price_files/testing/csv_rows.h"

// Rows whose fields do not match the columns of the heading.
namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::testing::ElementsAre;

TEST(CsvColumnsTest, MoreFieldsThanNamedColumnsAreMalformed) {
  for (const char* row : {"A,B,C,1,250", "A,B,C,1250,50", "A,B,C,1,250,", "A,B,C,1250,,x"}) {
    EXPECT_EQ(RowOf(row), absl::StrCat("2:    0 !row MALFORMED_ROW ", row));
  }
  for (const char* row : {"A,B,C,1250", "A,B,C,1250,", "A,B,C,1250,,,,", "A , B,\tC, 1250 ,"}) {
    EXPECT_EQ(RowOf(row), "2: A B C 1250");
  }
  // Unnamed columns at the end of the heading do not count, those in front do.
  EXPECT_THAT(
      RowsOf("origin,destination,day,price,,\nA,B,C,1,250,\nA,B,C,1250,,\n"),
      IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A,B,C,1,250,", "3: A B C 1250")));
  EXPECT_THAT(RowsOf(",origin,destination,day,price\n0,A,B,C,1250\n"),
              IsOkAndHolds(ElementsAre("2: A B C 1250")));
}

TEST(CsvColumnsTest, ACommaInsideThePriceIsFoundBeforeOtherColumns) {
  EXPECT_THAT(
      RowsOf("origin,destination,day,price,note\nA,B,C,1,250,\nA,B,C,1250,50,\n"
             "A,B,C,1250,x,\nA,B,C,1250,7\nA,B,C,1,250,x\n"),
      IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A,B,C,1,250,",
                               "3:    0 !row MALFORMED_ROW A,B,C,1250,50,", "4: A B C 1250",
                               "5: A B C 1250", "6:    0 !row MALFORMED_ROW A,B,C,1,250,x")));
}

TEST(CsvColumnsTest, OnlyACommaThatIsNotInQuotesMayBeOfThePrice) {
  for (const char* separator : {";", "\t", "|"}) {
    EXPECT_THAT(RowsOf(absl::StrReplaceAll("origin,destination,day,price,note\nA,B,C,1250,50,\n",
                                           {{",", separator}})),
                IsOkAndHolds(ElementsAre("2: A B C 1250")));
  }
  EXPECT_THAT(RowsOf("origin,destination,day,price,note\nA,B,C,1250,\"50\",\nA,B,C,\"1250\",50,\n"),
              IsOkAndHolds(ElementsAre("2: A B C 1250", "3: A B C 1250")));
}

// The rest of a price may also end up in a named column.
TEST(CsvColumnsTest, APriceThatMayContinueInTheNextColumnIsNotANumber) {
  EXPECT_THAT(
      RowsOf(
          "origin,destination,day,price,note,more\nA,B,C,1,250\nA,B,C,850,120,x\nA,B,C,1,250.00\n"
          "A,B,C,12,345,678\nA,B,C,-1,250\nA,B,C,1, 250 ,\nA,B,C,1,250 USD\nA,B,C,1,250x\n"
          "A,B,C,1,250-\nA,B,C,1,250\xc2\xa0\n"),
      IsOkAndHolds(ElementsAre(
          "2: A B C 0 !price NOT_A_NUMBER 1,250", "3: A B C 0 !price NOT_A_NUMBER 850,120",
          "4: A B C 0 !price NOT_A_NUMBER 1,250.00", "5: A B C 0 !price NOT_A_NUMBER 12,345",
          "6: A B C 0 !price NOT_A_NUMBER -1,250", "7: A B C 0 !price NOT_A_NUMBER 1,250",
          "8: A B C 0 !price NOT_A_NUMBER 1,250 USD", "9: A B C 0 !price NOT_A_NUMBER 1,250x",
          "10: A B C 0 !price NOT_A_NUMBER 1,250-",
          "11: A B C 0 !price NOT_A_NUMBER 1,250\xc2\xa0")));
  EXPECT_THAT(RowsOf("origin,destination,day,price,note\nA,B,C,1250,250\nA,B,C,1,25\nA,B,C,1,2500\n"
                     "A,B,C,1,x250\nA,B,C,\"1\",250\nA,B,C,1,\"250\"\nA,B,C,\"1,250\",250\n"
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
  // Only the column behind the price matters, and only commas are ambiguous.
  EXPECT_THAT(RowsOf("origin,destination,day,teu,price\nA,B,C,2,450\n"),
              IsOkAndHolds(ElementsAre("2: A B C 450")));
  for (const char* separator : {";", "\t", "|"}) {
    EXPECT_THAT(RowsOf(absl::StrReplaceAll("origin,destination,day,price,teu\nA,B,C,850,120\n",
                                           {{",", separator}})),
                IsOkAndHolds(ElementsAre("2: A B C 850")));
  }
}

TEST(CsvColumnsTest, AnUnnamedColumnMustBeEmpty) {
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
  // Except in front, where programs write row numbers.
  EXPECT_THAT(RowsOf(",,origin,destination,day,price\n0,1,A,B,C,1250\n"),
              IsOkAndHolds(ElementsAre("2: A B C 1250")));
}

TEST(CsvColumnsTest, RowsWithAnotherSeparatorAreMalformed) {
  EXPECT_EQ(RowOf("\"A,B,C,5\""), "2:    0 !row MALFORMED_ROW \"A,B,C,5\"");
  EXPECT_THAT(RowsOf(absl::StrCat(kPricesHeading, "A;B;C;5\nA\tB\tC\t5\nA,B,C,5\n")),
              IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW A;B;C;5",
                                       "3:    0 !row MALFORMED_ROW A\tB\tC\t5", "4: A B C 5")));
}

}  // namespace
}  // namespace fairway::price_files
