#include "libs/domain/batch_id.h"

#include <algorithm>

#include "absl/strings/ascii.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

bool IsName(absl::string_view text, size_t length_min, size_t length_max) {
  return length_min <= text.size() && text.size() <= length_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

}  // namespace

absl::Status CheckBatchId(absl::string_view text) {
  if (IsName(text, limits::kBatchIdLengthMin, limits::kBatchIdLengthMax)) return absl::OkStatus();
  return InvalidBatchIdError(text);
}

absl::Status CheckPartner(absl::string_view text) {
  if (IsName(text, 1, limits::kPartnerLengthMax)) return absl::OkStatus();
  return InvalidPartnerError(text);
}

absl::StatusOr<BatchKey> ParseBatchKey(absl::string_view partner, absl::string_view batch_id) {
  FieldErrors errors;
  errors.Add(CheckPartner(partner));
  errors.Add(CheckBatchId(batch_id));
  RETURN_IF_ERROR(errors.status());
  return BatchKey{std::string(partner), std::string(batch_id)};
}

}  // namespace fairway
