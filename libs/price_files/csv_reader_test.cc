#include "libs/price_files/csv_reader.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/csv_price_source.h"
#include "libs/price_files/testing/block_source.h"
#include "libs/price_files/testing/compress.h"
#include "libs/price_files/testing/csv_rows.h"

namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CsvReaderTest, SkipsEmptyRowsAndCountsTheirLines) {
  EXPECT_THAT(
      RowsOf("\n,,,\r\norigin,destination,day,price\r\n\r\n,,,\r\n ,\t,,\r\nA,B,C,5\r\n,,,,,\n"),
      IsOkAndHolds(ElementsAre("7: A B C 5")));
  EXPECT_THAT(RowsOf(absl::StrCat(kPricesHeading, ",,,\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("the file has no prices")));
}

TEST(CsvReaderTest, QuotesMayHoldSeparatorsAndLineBreaks) {
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

TEST(CsvReaderTest, WhatFollowsAClosingQuoteIsAFaultOfItsRow) {
  EXPECT_EQ(RowOf("\"A\"x ,B,C,5"), "2:    0 !row MALFORMED_ROW \"A\"x ,B,C,5");
  EXPECT_EQ(RowOf("\"A\" \"\",B,C,5"), "2:    0 !row MALFORMED_ROW \"A\" \"\",B,C,5");
  EXPECT_THAT(
      RowsOf(absl::StrCat(kPricesHeading, "\"A\"x,B,C,5\n\"A\"\"y\",B,C,6\n")),
      IsOkAndHolds(ElementsAre("2:    0 !row MALFORMED_ROW \"A\"x,B,C,5", "3: A\"y B C 6")));
  EXPECT_EQ(RowOf("A,B,\"C\nD\",5"), "2: A B C\nD 5");
}

TEST(CsvReaderTest, NamesTheLineOfTheQuoteThatIsNotClosed) {
  EXPECT_THAT(
      RowsOf(absl::StrCat(kPricesHeading, "A,B,\"C\nD\",\"5\nx\n")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a.csv:3: a quote is opened")));
  std::string heading = "\"origin";
  while (heading.size() < 100'000) absl::StrAppend(&heading, std::string(999, 'x'), "\n");
  EXPECT_THAT(RowsOf(heading + "\",destination,day,price\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a.csv:1: a quote in the heading is not closed")));
}

TEST(CsvReaderTest, RefusesAQuoteThatIsNotClosed) {
  EXPECT_THAT(
      RowsOf(absl::StrCat(kPricesHeading, "A,B,C,5\nA,B,C,\"5\nA,B,C,6\nA,B,C,7\n")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("a.csv:3: a quote is opened and not closed before the end of the file")));
  std::string file = absl::StrCat(kPricesHeading, "A,B,C,\"5\n");
  while (file.size() < 3 << 20) absl::StrAppend(&file, "A,B,C,6\n");
  EXPECT_THAT(RowsOf(file),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a.csv:2: a quote is opened and not closed within")));
  EXPECT_THAT(RowsOf("\"origin,destination,day,price\nA,B,C,5\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a.csv")));
}

TEST(CsvReaderTest, IgnoresTheEndOfFileMarkOfDos) {
  for (const char* end : {"\r\n\x1a", "\x1a", "\r\n\x1a\x1a\x1a", "\r\n\x1a\r\n"}) {
    EXPECT_THAT(RowsOf(absl::StrCat(kPricesHeading, "A,B,C,5", end)),
                IsOkAndHolds(ElementsAre("2: A B C 5")));
  }
  EXPECT_THAT(RowsOf(absl::StrCat(kPricesHeading, "A,B,C,5\x1a\nA,B,C,6\n")),
              IsOkAndHolds(ElementsAre("2: A B C 0 !price NOT_A_NUMBER 5\x1a", "3: A B C 6")));
}

// A pipe whose writer failed may end anywhere: "1250" may have become "12".
TEST(CsvReaderTest, APipeMustEndWithALineEnd) {
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
  const std::string two = absl::StrCat(kPricesHeading, "A,B,C,1\nD,E,F,2\n");
  for (const char* whole :
       {"", "G,H,I,1250\n", "G,H,I,1250\r\n", "\n\n", ",,,", " ", "\x1a", "G,H,I,12\x1a"}) {
    EXPECT_EQ(last_row_of(two + whole, true), last_row_of(two + whole, false)) << whole;
  }
  for (const char* cut : {"G,H,I,12", "G,H,I,\"12\"", "G,H", "G,H,I,12,", "G,H,\"I\nI\",12"}) {
    EXPECT_THAT(last_row_of(two + cut, true), HasSubstr("FILE_CONTENT s3://prices/a.csv:")) << cut;
    EXPECT_THAT(last_row_of(two + cut, true), HasSubstr("ends without a line end")) << cut;
    EXPECT_THAT(last_row_of(two + cut, false), Not(HasSubstr("line end"))) << cut;
  }
  // Compressed data marks its own end.
  for (const std::string& packed : {Gzip(two + "G,H,I,1250"), Zstd(two + "G,H,I,1250")}) {
    EXPECT_EQ(last_row_of(packed, true), "G 1250");
  }
}

}  // namespace
}  // namespace fairway::price_files
