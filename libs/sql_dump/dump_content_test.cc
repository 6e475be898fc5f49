#include "libs/sql_dump/dump_content.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
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

INSTANTIATE_TEST_SUITE_P(Dumps, DumpCaseTest, ::testing::ValuesIn(testing::DumpCases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace fairway::sql_dump
