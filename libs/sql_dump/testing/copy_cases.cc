#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {

std::vector<DumpCase> CopyCases() {
  return {
      Read("OneBlock", OnePrice()),
      Read("SeveralBlocksOfATable", OnePrice() + OnePrice() + OnePrice()),
      Read("ColumnsInAnyOrderAndMoreOfThem",
           "ALTER TABLE public.prices ADD COLUMN note text;\n"
           "COPY public.prices (note, price, day, dest_code, orig_code) FROM stdin;\n"
           "a\\tb\t7\t2021-01-02\tNLRTM\tCNSHA\n\\N\t8\t2021-01-03\tCNSHA\tNLRTM\n\\.\n"),
      Read("NoColumnList", "COPY public.prices FROM stdin;\n" + std::string(kPriceLine) + "\\.\n"),
      Read("Escapes", RegionCopy("x1\ta\\303\\251\\x41\\b\\f\\n\\r\\t\\v\\\\\\q\\N!end\t\\N\n"
                                 "x2\t\\\\N\\\\.\tasia\n")),
      Read("EscapesOfAllLengths", RegionCopy("x1\t\\1018\\778\\x4g\\x411\\xg\t\\N\n")),
      Read("ALineBreakBehindABackslash", RegionCopy("x1\tone\\\ntwo\t\\N\n")),
      Read("ATabBehindABackslash", RegionCopy("x1\tone\\\ttwo\t\\N\n")),
      Read("CarriageReturnsAtLineEnds",
           absl::StrReplaceAll(OnePrice() + OnePrice(), {{"\n", "\r\n"}})),
      Read("RowsOfOtherTables",
           "CREATE TABLE public.notes (a text, b text);\n"
           "COPY public.notes (a, b) FROM stdin;\n"
           "INSERT INTO prices\tDELETE FROM public.prices;\n\\.\n" +
               OnePrice()),
      Read("ATableWithoutRows",
           "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n"
           "\\.\n"),
      Read("BlanksAroundNumbers",
           absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-01-01\t +7 \n\\.\n")),
      Refused("TooFewFields", 7, "3 fields",
              absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-01-01\n\\.\n")),
      Refused("TooManyFields", 7, "5 fields",
              absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-01-01\t1\t2\n\\.\n")),
      Refused("MixedLineEnds", 8, "ends unlike",
              absl::StrCat(kCopyPrices, kPriceLine, "CNSHA\tNLRTM\t2021-01-01\t1\r\n\\.\n")),
      // psql sends the end of the block to PostgreSQL, which compares its line end.
      Refused("OnlyTheRowsHaveCarriageReturns", 7, "ends unlike",
              absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-01-01\t1\r\n",
                           "CNSHA\tNLRTM\t2021-01-02\t1\r\n\\.\n")),
      Refused("OnlyTheRowsHaveNoCarriageReturns", 7, "ends unlike",
              "COPY public.prices FROM stdin;\r\nCNSHA\tNLRTM\t2021-01-01\t1\n\\.\r\n"),
      Refused("OnlyTheEndHasACarriageReturn", 8, "ends unlike",
              absl::StrCat(kCopyPrices, kPriceLine, "\\.\r\n")),
      Refused(
          "OnlyTheEndHasNoCarriageReturn", 8, "ends unlike",
          absl::StrReplaceAll(absl::StrCat(kCopyPrices, kPriceLine), {{"\n", "\r\n"}}) + "\\.\n"),
      Refused("ABackslashBeforeACarriageReturn", 10, "backslash",
              absl::StrReplaceAll(RegionCopy("x1\tone\\\ntwo\t\\N\n"), {{"\n", "\r\n"}})),
      Read("NoRowsBeforeAnEndWithACarriageReturn",
           absl::StrCat(OnePrice(), kCopyPrices, "\\.\r\n")),
      Refused("AnEndWithinARow", 10, "within a row", RegionCopy("x1\ta\\.b\t\\N\n")),
      Refused("ANulEscape", 10, "NUL", RegionCopy("x1\ta\\000b\t\\N\n")),
      Refused("EscapesThatAreNotUtf8", 10, "not UTF-8", RegionCopy("x1\ta\\351b\t\\N\n")),
      Refused("Latin1Bytes", 10, "not UTF-8",
              RegionCopy("x1\tK\xf8"
                         "benhavn\t\\N\n")),
      Refused(
          "OptionsOfCopy", 6, "options",
          "COPY public.prices (orig_code, dest_code, day, price) FROM stdin WITH (FORMAT csv);\n"
          "CNSHA,NLRTM,2021-01-01,100\n\\.\n"),
      Refused("RowsInAnotherFile", 6, "another file",
              "COPY public.prices FROM '/tmp/prices.txt';\n"),
      Refused(
          "AColumnIsMissing", 6, "the column price",
          "COPY public.prices (orig_code, dest_code, day) FROM stdin;\nCNSHA\tNLRTM\t2021-01-01\n"
          "\\.\n"),
      Refused("CutInABlock", 6, "ends within the rows", absl::StrCat(kCopyPrices, kPriceLine)),
      Refused("AFractionForAnInteger", 7, "whole number",
              absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-01-01\t100.00\n\\.\n")),
      Refused("ADayThatIsNone", 7, "2021-02-30",
              absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-02-30\t100\n\\.\n")),
      Refused("APriceOfNothing", 7, "the price 0",
              absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-01-01\t0\n\\.\n")),
      Refused("ANullPrice", 7, "NULL",
              absl::StrCat(kCopyPrices, "CNSHA\tNLRTM\t2021-01-01\t\\N\n\\.\n")),
      Refused("AnUnknownPort", 8, "no port XXXXX",
              absl::StrCat(kCopyPrices, kPriceLine, "CNSHA\tXXXXX\t2021-01-01\t5\n\\.\n")),
      Refused("AnUnknownParent", 10, "no region is called nowhere", RegionCopy("x1\tX\tnowhere\n")),
      Refused("ARegionTwice", 10, "twice", RegionCopy("asia\tAgain\t\\N\n")),
  };
}

}  // namespace fairway::sql_dump::testing
