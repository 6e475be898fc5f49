#include "services/ingest/row_cursor.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/page_token.h"

namespace fairway::ingest {
namespace {

// More rows than a database can hold; its own numbers end far beyond.
constexpr int64_t kRowMax = int64_t{1} << 53;

}  // namespace

absl::StatusOr<std::optional<int64_t>> ParseRowCursor(absl::string_view scope,
                                                      absl::string_view page_token) {
  if (page_token.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string text, ParsePageToken(scope, page_token));
  int64_t row = 0;
  if (!absl::SimpleAtoi(text, &row) || row < 0 || row > kRowMax) return InvalidPageTokenError();
  return row;
}

std::string FormatRowCursor(absl::string_view scope, std::optional<int64_t> next) {
  return next ? MakePageToken(scope, absl::StrCat(*next)) : std::string();
}

}  // namespace fairway::ingest
