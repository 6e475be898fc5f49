#include "libs/sql_dump/dump_content.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/limits.h"
#include "libs/sql_dump/testing/dump_cases.h"
#include "libs/sql_dump/testing/string_source.h"

namespace fairway::sql_dump {
namespace {

using testing::DumpCase;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::StringSource;

class DumpCaseTest : public ::testing::TestWithParam<DumpCase> {};

// The database test compares what is read with PostgreSQL.
TEST_P(DumpCaseTest, IsReadOrRefusedAtItsLine) {
  const DumpCase& dump = GetParam();
  StringSource source(dump.text);
  const absl::StatusOr<DumpContent> content = ReadDumpContent(source);
  if (dump.refused_at < 0) {
    FAIRWAY_EXPECT_OK(content.status());
    return;
  }
  ASSERT_FALSE(content.ok());
  const std::string message(content.status().message());
  if (dump.refused_at > 0) {
    EXPECT_THAT(message, StartsWith(absl::StrCat("d.sql:", dump.refused_at, ": ")));
  }
  EXPECT_THAT(message, HasSubstr(dump.reason));
}

// pg_dump says where a dump ends, so no part of one passes for all of it.
TEST(DumpContentTest, ADumpThatIsCutAnywhereIsRefused) {
  const std::string dump =
      "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n"
      "SET standard_conforming_strings = on;\n\n"
      "CREATE TABLE public.ports (\n    code text NOT NULL,\n    name text NOT NULL,\n"
      "    parent_slug text NOT NULL\n);\n\n"
      "CREATE TABLE public.prices (orig_code text, dest_code text, day date, price integer);\n"
      "CREATE TABLE public.regions (slug text NOT NULL, name text, parent_slug text);\n\n"
      "COPY public.ports (code, name, parent_slug) FROM stdin;\n"
      "CNSHA\tShanghai\tasia\nNLRTM\tRotterdam\tasia\n\\.\n\n\n"
      "COPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n"
      "CNSHA\tNLRTM\t2021-01-01\t100\nCNSHA\tNLRTM\t2021-01-02\t1250\n\\.\n\n"
      "INSERT INTO public.regions VALUES ('asia', E'A\\'s\\n', NULL),\n\t('x1', $x$X$x$, "
      "'asia');\n\n"
      "CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; END;\n"
      "ALTER TABLE ONLY public.ports\n    ADD CONSTRAINT k PRIMARY KEY (code);\n\n"
      "--\n-- PostgreSQL database dump complete\n--\n\n";
  const size_t end = dump.find(" complete") + std::string(" complete").size();
  for (size_t size = 0; size < end; ++size) {
    StringSource source(dump.substr(0, size));
    EXPECT_FALSE(ReadDumpContent(source).ok()) << size;
  }
  StringSource whole(dump);
  FAIRWAY_EXPECT_OK(ReadDumpContent(whole).status());
}

// A plain dump of these rows.
std::string DumpOf(absl::string_view regions, absl::string_view ports, absl::string_view prices) {
  return absl::StrCat(
      "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n"
      "SET standard_conforming_strings = on;\n\n"
      "CREATE TABLE public.ports (code text, name text, parent_slug text);\n"
      "CREATE TABLE public.prices (orig_code text, dest_code text, day date, price integer);\n"
      "CREATE TABLE public.regions (slug text, name text, parent_slug text);\n"
      "COPY public.regions (slug, name, parent_slug) FROM stdin;\n",
      regions, "\\.\n\nCOPY public.ports (code, name, parent_slug) FROM stdin;\n", ports,
      "\\.\n\nCOPY public.prices (orig_code, dest_code, day, price) FROM stdin;\n", prices,
      "\\.\n\n--\n-- PostgreSQL database dump complete\n--\n\n");
}
absl::StatusOr<DumpContent> ContentOf(absl::string_view regions, absl::string_view ports,
                                      absl::string_view prices) {
  StringSource source(DumpOf(regions, ports, prices));
  return ReadDumpContent(source);
}
std::string PortRows(int count) {
  std::string rows;
  for (int i = 0; i < count; ++i) absl::StrAppend(&rows, absl::StrFormat("%05d\tA\tasia\n", i));
  return rows;
}

TEST(DumpContentTest, RegionsAndPortsTogetherHaveABound) {
  constexpr const char* kRegion = "asia\tAsia\t\\N\n";
  const auto most = ContentOf(kRegion, PortRows(limits::kImportLocationsMax - 1), "");
  FAIRWAY_ASSERT_OK(most);
  EXPECT_EQ(most->ports.size(), limits::kImportLocationsMax - 1);
  const absl::Status beyond =
      ContentOf(kRegion, PortRows(limits::kImportLocationsMax), "").status();
  EXPECT_THAT(std::string(beyond.message()), HasSubstr("more than 20000 regions and ports"));
}

TEST(DumpContentTest, PricesHaveABoundedNumberOfPorts) {
  const auto message_with = [](int ports) {
    std::string prices;
    for (int i = 0; i < ports; ++i) {
      absl::StrAppend(&prices, absl::StrFormat("00000\t%05d\t2021-01-01\t5\n", i));
    }
    return std::string(ContentOf("", "", prices).status().message());
  };
  EXPECT_THAT(message_with(limits::kImportLocationsMax), HasSubstr("the dump has no port 00000"));
  EXPECT_THAT(message_with(limits::kImportLocationsMax + 1),
              HasSubstr("prices of more than 20000 ports"));
}

TEST(DumpContentTest, NamesHaveTheirLengths) {
  const auto is_read = [](size_t length) {
    const std::string row = absl::StrCat("asia\t", std::string(length, 'x'), "\t\\N\n");
    return ContentOf(row, "CNSHA\tShanghai\tasia\n", "").ok();
  };
  EXPECT_FALSE(is_read(0));
  EXPECT_TRUE(is_read(1));
  EXPECT_TRUE(is_read(limits::kLocationNameBytesMax));
  EXPECT_FALSE(is_read(limits::kLocationNameBytesMax + 1));
}

TEST(DumpContentTest, WhatIsNoLocationIsRefused) {
  constexpr const char* kRegion = "asia\tAsia\t\\N\n";
  constexpr const char* kPort = "CNSHA\tShanghai\tasia\n";
  FAIRWAY_EXPECT_OK(ContentOf(kRegion, kPort, ""));
  const auto message = [](const absl::StatusOr<DumpContent>& content) {
    return std::string(content.status().message());
  };
  EXPECT_THAT(message(ContentOf("asia\tAsia\t\n", kPort, "")), HasSubstr("empty parent_slug"));
  EXPECT_THAT(message(ContentOf("Asia\tAsia\t\\N\n", "", "")), HasSubstr("no region slug"));
  EXPECT_THAT(message(ContentOf(kRegion, "cnsha\tShanghai\tasia\n", "")),
              HasSubstr("no port code"));
  EXPECT_THAT(message(ContentOf(kRegion, "CNSHA\tShanghai\t\\N\n", "")),
              HasSubstr("CNSHA has no parent"));
  EXPECT_THAT(message(ContentOf(kRegion, kPort, "NLRTM\tCNSHA\t2021-01-01\t5\n")),
              HasSubstr("the dump has no port NLRTM"));
  EXPECT_THAT(message(ContentOf(kRegion, kPort, "CNSHA\tNLRTM\t2021-01-01\t5\n")),
              HasSubstr("the dump has no port NLRTM"));
}

// A chain of regions, each in the next one, so that the deepest comes first. Line 12 has r0.
std::string ChainOfRegions(int levels, absl::string_view above) {
  std::string rows;
  for (int i = 0; i + 1 < levels; ++i) absl::StrAppend(&rows, "r", i, "\tR\tr", i + 1, "\n");
  return absl::StrCat(rows, "r", levels - 1, "\tR\t", above, "\n");
}

TEST(DumpContentTest, RegionsHaveThirtyTwoLevels) {
  FAIRWAY_EXPECT_OK(
      ContentOf(ChainOfRegions(limits::kRegionLevelsMax, "\\N"), "CNSHA\tShanghai\tr0\n", ""));
  const absl::Status beyond =
      ContentOf(ChainOfRegions(limits::kRegionLevelsMax + 1, "\\N"), "", "").status();
  EXPECT_THAT(std::string(beyond.message()),
              StartsWith("d.sql:12: the region r0 lies on level 33;"));
}

TEST(DumpContentTest, NoRegionLiesInsideItself) {
  const absl::Status status =
      ContentOf("asia\tAsia\t\\N\n" + ChainOfRegions(3, "r1"), "", "").status();
  EXPECT_THAT(std::string(status.message()),
              StartsWith("d.sql:14: the region r1 lies inside itself"));
}

TEST(DumpContentTest, NoRegionLiesInAPort) {
  const absl::Status status =
      ContentOf("asia\tAsia\t\\N\nx1\tX\tCNSHA\n", "CNSHA\tShanghai\tasia\n", "").status();
  EXPECT_THAT(std::string(status.message()), StartsWith("d.sql:13: no region is called CNSHA"));
}

TEST(DumpContentTest, TheFirstPriceOfAMissingPortIsNamed) {
  const absl::Status status = ContentOf("asia\tAsia\t\\N\n", "CNSHA\tShanghai\tasia\n",
                                        "CNSHA\tCNSHA\t2021-01-01\t5\n"
                                        "CNSHA\tNLRTM\t2021-01-01\t5\n"
                                        "DEHAM\tNLRTM\t2021-01-01\t5\n")
                                  .status();
  const std::string message(status.message());
  EXPECT_THAT(message, HasSubstr("the dump has no port NLRTM"));
  EXPECT_THAT(message, StartsWith("d.sql:21: "));
}

INSTANTIATE_TEST_SUITE_P(Dumps, DumpCaseTest, ::testing::ValuesIn(testing::DumpCases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace fairway::sql_dump
