#include "libs/sql_dump/dump_content.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
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

INSTANTIATE_TEST_SUITE_P(Dumps, DumpCaseTest, ::testing::ValuesIn(testing::DumpCases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace fairway::sql_dump
