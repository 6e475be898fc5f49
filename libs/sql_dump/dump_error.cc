#include "libs/sql_dump/dump_error.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "libs/domain/error_details.h"

namespace fairway::sql_dump {

absl::Status DumpError(absl::string_view name, int64_t line, absl::string_view what) {
  ErrorDetails details = {.reason = "FILE_CONTENT"};
  std::string place(name);
  if (line > 0) {
    absl::StrAppend(&place, ":", line);
    details.metadata.emplace_back("line", absl::StrCat(line));
  }
  return MakeError(absl::StatusCode::kInvalidArgument, absl::StrCat(place, ": ", what), details);
}

bool IsWithoutPlace(const absl::Status& status) { return ReasonOf(status).empty(); }

}  // namespace fairway::sql_dump
