#include "tests/support/queries.h"

#include <limits>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/postgres/copy_session.h"

namespace fairway::testing {
namespace {

constexpr absl::Duration kQueryTimeout = absl::Seconds(60);

absl::StatusOr<std::optional<std::string>> FirstValue(const postgres::ConnectionOptions& options,
                                                      absl::string_view sql) {
  ASSIGN_OR_RETURN(const std::unique_ptr<postgres::CopySession> session,
                   postgres::CopySession::Open(options, absl::Now() + kQueryTimeout));
  return session->QueryValue(sql);
}

}  // namespace

void Execute(const postgres::ConnectionOptions& options, absl::string_view sql) {
  const auto result = FirstValue(options, sql);
  EXPECT_TRUE(result.ok()) << result.status() << "\nin: " << sql;
}

std::string QueryText(const postgres::ConnectionOptions& options, absl::string_view sql) {
  const auto result = FirstValue(options, sql);
  EXPECT_TRUE(result.ok()) << result.status() << "\nin: " << sql;
  return result.ok() ? result->value_or("") : "";
}

int64_t QueryInt(const postgres::ConnectionOptions& options, absl::string_view sql) {
  const std::string text = QueryText(options, sql);
  int64_t value = std::numeric_limits<int64_t>::min();
  EXPECT_TRUE(absl::SimpleAtoi(text, &value)) << "'" << text << "' is no integer, in: " << sql;
  return value;
}

std::vector<std::string> Query(const postgres::ConnectionOptions& options, absl::string_view sql) {
  const std::string lines =
      QueryText(options, absl::StrCat("SELECT string_agg(q::text, E'\\n') FROM (", sql, ") q"));
  if (lines.empty()) return {};
  return absl::StrSplit(lines, '\n');
}

}  // namespace fairway::testing
