#include "libs/price_files/csv_heading.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/compress.h"
#include "libs/price_files/testing/csv_rows.h"

namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CsvHeadingTest, DeterminesTheSeparator) {
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
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a.csv:1: unsupported separator: sep=x")));
}

TEST(CsvHeadingTest, NamesTheColumnsInAnyOrderAndCase) {
  EXPECT_THAT(RowsOf("\xef\xbb\xbf\"PRICE\", Day ,x,destination,origin\n5,C,y,B,A\n"),
              IsOkAndHolds(ElementsAre("2: A B C 5")));
  for (const auto& [file, what] : std::vector<std::pair<std::string, std::string>>{
           {"", "the file is empty"},
           {"\n\n", "the file is empty"},
           {"\x1a", "the file is empty"},
           {"origin,destination,day,price,Price\n", "names the column price twice"},
           {"from,to,day,price\n",
            "origin is missing, destination is missing; the heading is \"from,to"},
           {"CNSHA,NLRTM,2026-03-01,1250\n", "the heading is \"CNSHA,NLRTM,2026-03-01,1250\""},
           {"origin destination day price\n", "origin is missing"},
           {"origin;destination;day,price\n", "expected one separator, found , and ;"},
           {"\xff\xfe\xfe", "UTF-16"},
           {absl::StrReplaceAll(kPricesHeading, {{"\n", "\rA,B,C,5\r"}}), "CR alone"},
           {Gzip(Gzip("x")), "compressed twice"}}) {
    EXPECT_THAT(RowsOf(file), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(what)))
        << absl::CHexEscape(file);
    EXPECT_EQ(ReasonOf(RowsOf(file).status()), kContentReason);
  }
}

TEST(CsvHeadingTest, AMessageIsAsLongAsItHelps) {
  const auto message_for = [](const std::string& heading) {
    return std::string(RowsOf(heading + "\n").status().message());
  };
  EXPECT_THAT(message_for("from,to"), Not(HasSubstr("expected one separator")));
  EXPECT_THAT(message_for(std::string(80, 'x')), HasSubstr(std::string(80, 'x') + "\""));
  EXPECT_THAT(message_for(std::string(81, 'x')), HasSubstr(std::string(80, 'x') + "…\""));
}

TEST(CsvHeadingTest, ASeparatorLineNamesOneSeparator) {
  const std::string rest = "\norigin;destination;day;price\nA;B;C;5\n";
  EXPECT_THAT(RowsOf("\"sep=;\"" + rest), IsOkAndHolds(ElementsAre("3: A B C 5")));
  for (const char* line : {"sep=,;", "sep=", "sep=;;"}) {
    EXPECT_THAT(RowsOf(line + rest),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("unsupported separator")))
        << line;
  }
}

TEST(CsvHeadingTest, AByteOrderMarkIsTheBeginningOfAFile) {
  EXPECT_THAT(RowsOf("\n\xef\xbb\xbforigin,destination,day,price\nA,B,C,5\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("origin is missing")));
}

}  // namespace
}  // namespace fairway::price_files
