#include "libs/price_files/csv_price_source.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/price_files/testing/block_source.h"
#include "libs/price_files/testing/csv_rows.h"
#include "libs/price_files/testing/temp_folder.h"

namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::EndsWith;

TEST(CsvPriceSourceTest, ReportsLineFieldReasonAndValueOfEveryBadRow) {
  EXPECT_THAT(
      RowsOf(absl::StrCat(kPricesHeading,
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

TEST(CsvPriceSourceTest, ReportsPricesAsTheyStandInTheFile) {
  for (const char* text : {"0.00", "-0", "00", "-5.00", "0010000001", "10000001.0"}) {
    EXPECT_EQ(RowOf(absl::StrCat("A,B,C,", text)),
              absl::StrCat("2: A B C 0 !price PRICE_OUT_OF_RANGE ", text));
  }
  for (const char* text : {"0", "-5", "10000001", "10000000", "1"}) {  // Left to the service.
    EXPECT_EQ(RowOf(absl::StrCat("A,B,C,", text)), absl::StrCat("2: A B C ", text));
  }
}

TEST(CsvPriceSourceTest, ReportsMissingFields) {
  EXPECT_EQ(RowOf("A,B,C"), "2: A B C 0 !price MISSING_FIELD ");
  EXPECT_EQ(RowOf("A"),
            "2: A   0 !price MISSING_FIELD  !destination MISSING_FIELD  !day "
            "MISSING_FIELD ");
  EXPECT_EQ(RowOf(",B,C,5"), "2:  B C 5");  // Left to the service.
  EXPECT_EQ(RowOf(",B,C,x"), "2:  B C 0 !price NOT_A_NUMBER x !origin MISSING_FIELD ");
  EXPECT_THAT(RowsOf("price,origin,destination,day,note\n5,A,B,C\n"),
              IsOkAndHolds(ElementsAre("2: A B C 5")));
}

TEST(CsvPriceSourceTest, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(RowOf("NLRT\xcd,B,C,5"), "2:  B C 5 !origin NOT_UTF8 NLRT\\xcd");
  EXPECT_EQ(RowOf("A,\xff,C,0"),
            "2: A  C 0 !destination NOT_UTF8 \\xff !price "
            "PRICE_OUT_OF_RANGE 0");
  EXPECT_EQ(RowOf("A,B,C,5\x80"), "2: A B C 0 !price NOT_UTF8 5\\x80");
  EXPECT_THAT(RowsOf("origin,destination,day,price,note\nA,B,C,5,K\xf6ln\n"),
              IsOkAndHolds(ElementsAre("2: A B C 5")));
  EXPECT_THAT(RowOf("A,B,C," + std::string(500, 'x')), EndsWith(" " + std::string(64, 'x')));
}

TEST(CsvPriceSourceTest, NothingOfTheRowBeforeIsLeft) {
  auto source =
      CsvPriceSource::Read(
          std::make_unique<BlockSource>(
              absl::StrCat(kPricesHeading, "A,B,C,1\nD,E,F,n/a\n", "G,H,I,2,3\nJ,K,L,4\n"), 4'096))
          .value();
  PriceText price;
  const auto next = [&] {
    EXPECT_THAT(source->Next(price), IsOkAndHolds(true));
    return absl::StrCat(price.origin, price.destination, price.day, price.price, "!",
                        price.errors.size());
  };
  EXPECT_EQ(next(), "ABC1!0");
  EXPECT_EQ(next(), "DEF0!1");
  EXPECT_EQ(next(), "0!1");
  EXPECT_EQ(next(), "JKL4!0");
}

TEST(CsvPriceSourceTest, CountsTheLinesOfRows) {
  const TempFolder folder;
  auto source = CsvPriceSource::Open(
                    folder.Write("p", "origin,destination,day,price\nA,B,C,1\n\n\nD,E,F,2\n"))
                    .value();
  PriceText price;
  EXPECT_THAT(source->Next(price), IsOkAndHolds(true));
  EXPECT_THAT(source->Next(price), IsOkAndHolds(true));
  EXPECT_EQ(absl::StrCat(price.origin, price.destination, price.day), "DEF");
  EXPECT_EQ(price.price, 2);
  EXPECT_THAT(source->Next(price), IsOkAndHolds(false));
  EXPECT_EQ(source->LineOfRow(0), 2);
  EXPECT_EQ(source->LineOfRow(1), 5);
  EXPECT_EQ(source->bytes_read(), *source->size());
}

TEST(CsvPriceSourceTest, AnErrorOfTheSourceIsNotTheEndOfTheFile) {
  auto prices = CsvPriceSource::Read(std::make_unique<BlockSource>(
      std::vector<std::string>{"origin,destination,day,price\nA,B,C,1\n", std::string(9'000, '\n')},
      absl::UnavailableError("S3 is away")));
  FAIRWAY_ASSERT_OK(prices);
  PriceText price;
  EXPECT_THAT((*prices)->Next(price), IsOkAndHolds(true));
  EXPECT_THAT((*prices)->Next(price), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace fairway::price_files
