#include "services/cli/exit_code.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "libs/domain/error_details.h"
#include "libs/price_files/file_error.h"

namespace fairway::cli {
namespace {

constexpr absl::string_view kUsageReason = "USAGE";
constexpr absl::string_view kObjectReason = "OBJECT_STORE";

// Some arguments are checked by the service: days, names, ranges. What it says of a field of a
// list, "ports[3].code", is about a file.
bool IsArgumentToBlame(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  if (!absl::StartsWith(details.reason, "INVALID_") && details.reason != "RANGE_TOO_LARGE") {
    return false;
  }
  return std::none_of(
      details.field_violations.begin(), details.field_violations.end(),
      [](const FieldViolation& violation) { return absl::StrContains(violation.field, '['); });
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  const std::string reason = ReasonOf(status);
  if (reason == kUsageReason || IsArgumentToBlame(status)) return ExitCode::kUsage;
  if (reason == price_files::kFileReason || reason == price_files::kContentReason ||
      reason == kObjectReason) {
    return ExitCode::kFile;
  }
  if (reason == "BATCH_HAS_INVALID_ROWS") return ExitCode::kBadRows;
  if (MayPass(status)) return ExitCode::kUnavailable;
  return ExitCode::kRefused;
}

bool MayPass(const absl::Status& status) {
  // A server that stops cancels what it has not begun to answer: gRPC knows no better.
  // The end is always sent: where it is missing, the connection has lost it.
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsAborted(status) || absl::IsCancelled(status) ||
         ReasonOf(status) == "BATCH_END_MISSING" || absl::StartsWith(ReasonOf(status), "QUOTA_") ||
         // A transport that is short of memory cuts streams; gRPC has no code of its own for that.
         (absl::IsResourceExhausted(status) && absl::StrContains(status.message(), "RST_STREAM"));
}

absl::Status UsageError(absl::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, what, {.reason = std::string(kUsageReason)});
}

absl::Status ObjectError(const absl::Status& status) {
  if (status.ok() || absl::IsUnavailable(status)) return status;
  return MakeError(absl::StatusCode::kFailedPrecondition, status.message(),
                   {.reason = std::string(kObjectReason)});
}

}  // namespace fairway::cli
