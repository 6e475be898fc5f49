#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/sql_dump/testing/dump_cases.h"

// What the lists of cases are put together from.
namespace fairway::sql_dump::testing {

std::vector<DumpCase> CopyCases();
std::vector<DumpCase> InsertCases();
std::vector<DumpCase> ValueCases();
std::vector<DumpCase> ChangeCases();
std::vector<DumpCase> SessionCases();
std::vector<DumpCase> TableCases();
std::vector<DumpCase> SchemaCases();
std::vector<DumpCase> PartitionCases();
std::vector<DumpCase> FailureCases();

// Lines 1 to 5: the tables, each column in its line so that what follows has small numbers.
inline constexpr const char* kDumpTables =
    "CREATE TABLE public.regions (slug text NOT NULL, name text NOT NULL, parent_slug text);\n"
    "CREATE TABLE public.ports (code text NOT NULL, name text NOT NULL, parent_slug text NOT "
    "NULL);\n"
    "CREATE TABLE public.prices (orig_code text, dest_code text, day date, price integer);\n"
    "INSERT INTO public.regions VALUES ('asia', 'Asia', NULL);\n"
    "INSERT INTO public.ports VALUES ('CNSHA', 'Shanghai', 'asia'), ('NLRTM', 'Rotterdam', "
    "'asia');\n";

inline constexpr const char* kCopyPrices =
    "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n";
inline constexpr const char* kPriceLine = "CNSHA\tNLRTM\t2021-01-01\t100\n";

inline DumpCase Read(const char* name, const std::string& text) {
  return {.name = name, .text = absl::StrCat(kDumpTables, text)};
}
inline DumpCase Refused(const char* name, int line, const char* reason, const std::string& text) {
  return {
      .name = name, .text = absl::StrCat(kDumpTables, text), .refused_at = line, .reason = reason};
}
inline DumpCase Whole(const char* name, int line, const char* reason, const std::string& text) {
  return {.name = name, .text = text, .refused_at = line, .reason = reason};
}

// "COPY … \.": one price, lines 6 to 8.
inline std::string OnePrice() { return absl::StrCat(kCopyPrices, kPriceLine, "\\.\n"); }

inline std::string RegionCopy(absl::string_view rows) {
  return absl::StrCat(OnePrice(), "COPY public.regions (slug, name, parent_slug) FROM stdin;\n",
                      rows, "\\.\n");
}

}  // namespace fairway::sql_dump::testing
