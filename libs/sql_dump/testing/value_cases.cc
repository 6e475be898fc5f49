#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/sql_dump/testing/dump_case_parts.h"

namespace fairway::sql_dump::testing {
namespace {

// One price whose day or dollars are written as said: line 6.
std::string WithDay(absl::string_view day) {
  return absl::StrCat("INSERT INTO public.prices VALUES ('CNSHA', 'NLRTM', ", day, ", 100);\n");
}
std::string WithDollars(absl::string_view dollars) {
  return absl::StrCat("INSERT INTO public.prices VALUES ('CNSHA', 'NLRTM', '2021-01-01', ", dollars,
                      ");\n");
}
std::string Copied(absl::string_view row) { return absl::StrCat(kCopyPrices, row, "\n\\.\n"); }

// A table of prices with other types, lines 6 and 7, and what follows.
std::string WithTypes(absl::string_view day, absl::string_view price, const std::string& rows) {
  return absl::StrCat(
      "DROP TABLE public.prices;\nCREATE TABLE public.prices (orig_code text, dest_code text, day ",
      day, ", price ", price, ");\n", rows);
}

}  // namespace

std::vector<DumpCase> ValueCases() {
  return {
      Read("SignsBeforeNumbers", WithDollars("+100") + WithDollars("- -7") + WithDollars("+ +8")),
      Read("LeadingZeros",
           WithDollars("007") + WithDollars("'007'") + Copied("CNSHA\tNLRTM\t2021-01-01\t007")),
      Read("PointsAndExponents",
           WithDollars(".5e1") + WithDollars("1250.") + WithDollars("12.5e+2")),
      Read("ANationalString",
           "INSERT INTO public.prices VALUES (N'CNSHA', n'NLRTM', '2021-01-01', 1);\n"),
      Read("CommentsWithinRows", WithDollars("/* a /* b */ */ 7 -- c )\n")),
      Read("IsoDaysInAnyDateStyle",
           "SET datestyle = 'SQL, DMY';\n" + WithDay("'2021-03-04'") + WithDay("'2021-3-4'")),
      Refused("ANegativePrice", 6, "the price -100", WithDollars("-100")),
      Refused("ANegativeString", 6, "the price -100", WithDollars("'-100'")),
      Refused("ACastOfAString", 6, "no plain literal", WithDollars("'1250'::integer")),
      Refused("ACastByItsName", 6, "no plain literal", WithDollars("CAST('1250' AS integer)")),
      Refused("ATypedLiteral", 6, "no plain literal", WithDay("date '2021-01-01'")),
      Refused("AStringThatGoesOn", 6, "no plain literal", WithDollars("'12'\n'50'")),
      Refused("AUnicodeString", 6, "no plain literal", WithDay("U&'2021\\002d01-01'")),
      Refused("ABitString", 6, "no plain literal", WithDollars("B'101'")),
      Refused("AHexadecimalNumber", 6, "", WithDollars("0x10")),
      Refused("AHugeNumber", 6, "", WithDollars("99999999999999999999")),
      Refused("AHugeExponent", 6, "", WithDollars("1e30")),
      Refused("AHugeString", 6, "", WithDollars("'99999999999999999999'")),
      Refused("AHugeCopiedNumber", 7, "", Copied("CNSHA\tNLRTM\t2021-01-01\t99999999999999999999")),
      Refused("AnExponentInAString", 6, "whole number", WithDollars("'1e3'")),
      Refused("GroupsOfDigits", 6, "whole number", WithDollars("'1,250'")),
      Refused("APriceThatIsTrue", 6, "no plain literal", WithDollars("true")),
      Refused("ADayWithSlashes", 6, "none", WithDay("'01/02/2021'")),
      Refused("ADayWithTheYearLast", 6, "none", WithDay("'02-01-2021'")),
      Refused("ADayInWords", 6, "none", WithDay("'Jan 2, 2021'")),
      Refused("ADayWithPoints", 6, "none", WithDay("'2021.01.02'")),
      Refused("ADayOfTheYear", 6, "none", WithDay("'2021-032'")),
      Refused("ADayBeforeChrist", 6, "none", WithDay("'2021-01-01 BC'")),
      Refused("AJulianDay", 6, "none", WithDay("'J2459216'")),
      Refused("Today", 6, "none", WithDay("'today'")),
      Refused("Infinity", 6, "none", WithDay("'infinity'")),
      Read("WholeNumericPrices",
           WithTypes("date", "numeric", WithDollars("'1e3'") + WithDollars("'12.00'"))),
      Read("PricesThatAreText", WithTypes("text", "character varying(20)", WithDollars("'100'"))),
      Refused("AScaleThatRounds", 8, "rounds",
              WithTypes("date", "numeric(5,-2)", WithDollars("1250"))),
      Refused("ADayThatDependsOnTheTimeZone", 8, "time zone",
              WithTypes("timestamp with time zone", "integer",
                        "INSERT INTO public.prices VALUES ('CNSHA', 'NLRTM', "
                        "'2021-01-01 00:00:00+00', 1);\n")),
      Refused("TheSameByItsShortName", 8, "time zone",
              WithTypes("timestamptz(0)", "integer", WithDay("'2021-01-01'"))),
      Refused(
          "AFractionOfASecondAfterMidnight", 8, "time of day",
          WithTypes("timestamp without time zone", "integer", WithDay("'2021-01-01 00:00:00.5'"))),
      Read("MidnightWithAFraction", WithTypes("timestamp without time zone", "integer",
                                              WithDay("'2021-01-01 00:00:00.000'"))),
  };
}

}  // namespace fairway::sql_dump::testing
