#include "libs/price_files/file_error.h"

#include <string>

#include "absl/strings/str_cat.h"

#include "libs/domain/error_details.h"

namespace fairway::price_files {

absl::Status FileError(absl::string_view path, absl::string_view what) {
  return MakeError(absl::StatusCode::kFailedPrecondition, absl::StrCat(path, ": ", what),
                   {.reason = std::string(kFileReason)});
}

absl::Status ContentError(absl::string_view path, int64_t line, absl::string_view what) {
  ErrorDetails details = {.reason = std::string(kContentReason)};
  std::string place(path);
  if (line > 0) {
    absl::StrAppend(&place, ":", line);
    details.metadata.emplace_back("line", absl::StrCat(line));
  }
  return MakeError(absl::StatusCode::kInvalidArgument, absl::StrCat(place, ": ", what), details);
}

}  // namespace fairway::price_files
