#include "services/cli/exit_code.h"

#include "absl/strings/str_cat.h"

#include "libs/domain/error_details.h"

namespace fairway::cli {
namespace {

constexpr absl::string_view kFileReason = "LOCAL_FILE";

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  const std::string reason = ReasonOf(status);
  if (reason == kFileReason) return ExitCode::kFile;
  if (reason == "BATCH_HAS_INVALID_ROWS") return ExitCode::kBadRows;
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsAborted(status)) {
    return ExitCode::kUnavailable;
  }
  return ExitCode::kRefused;
}

absl::Status FileError(absl::string_view path, absl::string_view what) {
  return MakeError(absl::StatusCode::kFailedPrecondition, absl::StrCat(path, ": ", what),
                   {.reason = std::string(kFileReason)});
}

}  // namespace fairway::cli
