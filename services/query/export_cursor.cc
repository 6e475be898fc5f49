#include "services/query/export_cursor.h"

#include <cstdint>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/page_token.h"

namespace fairway::query {
namespace {

// More versions than a database can make; the numbers of PostgreSQL and of double end far beyond.
constexpr DatasetVersion kVersionMax = DatasetVersion{1} << 53;

constexpr absl::string_view kField = "resume_token";

}  // namespace

std::string FormatResumeToken(absl::string_view fingerprint, const ExportCursor& cursor) {
  const Lane last = cursor.last_lane.value_or(Lane{0, 0});
  return MakePageToken(fingerprint,
                       absl::StrCat(cursor.version.number, " ", cursor.version.identity, " ",
                                    cursor.lanes_sent, " ", last.origin, " ", last.destination));
}

absl::StatusOr<ExportCursor> ParseResumeToken(absl::string_view fingerprint,
                                              absl::string_view token) {
  ASSIGN_OR_RETURN(const std::string text, ParsePageToken(fingerprint, token, kField));
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ' ');
  ExportCursor cursor;
  Lane last;
  int64_t lanes_sent = 0;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[0], &cursor.version.number) ||
      !absl::SimpleAtoi(parts[1], &cursor.version.identity) ||
      !absl::SimpleAtoi(parts[2], &lanes_sent) || !absl::SimpleAtoi(parts[3], &last.origin) ||
      !absl::SimpleAtoi(parts[4], &last.destination)) {
    return InvalidPageTokenError(kField);
  }
  if (cursor.version.number < 0 || cursor.version.number > kVersionMax || lanes_sent < 0 ||
      last.origin < 0 || last.destination < 0) {
    return InvalidPageTokenError(kField);
  }
  cursor.lanes_sent = static_cast<size_t>(lanes_sent);
  if (last != Lane{0, 0}) cursor.last_lane = last;
  return cursor;
}

}  // namespace fairway::query
