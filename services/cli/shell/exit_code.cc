#include "services/cli/shell/exit_code.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"

#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/price_files/file_error.h"
#include "services/cli/shell/arguments.h"

namespace fairway::cli {
namespace {

// The service validates some arguments: days, names, ranges. A field of a list, such as
// "ports[3].code", comes from a file instead.
bool IsArgumentError(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  if (!absl::StartsWith(details.reason, "INVALID_") && details.reason != reasons::kRangeTooLarge) {
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
  if (reason == price_files::kRowsReason) return ExitCode::kBadRows;
  if (reason == kUsageReason || IsArgumentError(status)) return ExitCode::kUsage;
  if (reason == price_files::kFileReason || reason == price_files::kContentReason ||
      reason == kObjectReason) {
    return ExitCode::kFile;
  }
  if (reason == reasons::kBatchHasInvalidRows) return ExitCode::kBadRows;
  if (IsRetryable(status)) return ExitCode::kUnavailable;
  return ExitCode::kRefused;
}

bool IsRetryable(const absl::Status& status) {
  // CANCELLED: a server that stops cancels the calls it has not answered.
  // BATCH_END_MISSING: the end is always sent, so the connection lost it.
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsAborted(status) || absl::IsCancelled(status) ||
         ReasonOf(status) == reasons::kBatchEndMissing ||
         absl::StartsWith(ReasonOf(status), "QUOTA_") ||
         // A transport that is short of memory resets streams; gRPC has no code for that.
         (absl::IsResourceExhausted(status) && absl::StrContains(status.message(), "RST_STREAM"));
}

}  // namespace fairway::cli
