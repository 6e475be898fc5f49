#include "libs/domain/field_errors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/domain/error_details.h"
#include "libs/domain/limits.h"

namespace fairway {

void FieldErrors::Add(absl::Status error) {
  if (error.ok()) return;
  if (errors_.size() < limits::kFieldErrorsMax) {
    errors_.push_back(std::move(error));
  } else {
    dropped_ += std::max<size_t>(1, DetailsOf(error).field_violations.size());
  }
}

absl::Status FieldErrors::status() const {
  if (errors_.empty()) return absl::OkStatus();
  if (errors_.size() == 1) return errors_.front();
  ErrorDetails all = {.reason = ReasonOf(errors_.front())};
  std::string message;
  for (const absl::Status& error : errors_) {
    absl::StrAppend(&message, message.empty() ? "" : "; ", error.message());
    ErrorDetails details = DetailsOf(error);
    for (FieldViolation& violation : details.field_violations) {
      all.field_violations.push_back(std::move(violation));
    }
  }
  all.metadata = {{"error_count", absl::StrCat(all.field_violations.size() + dropped_)}};
  if (dropped_ > 0) absl::StrAppend(&message, "; and ", dropped_, " more");
  return MakeError(absl::StatusCode::kInvalidArgument, message, all);
}

}  // namespace fairway
