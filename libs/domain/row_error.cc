#include "libs/domain/row_error.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace fairway {
namespace {

constexpr std::array<absl::string_view, kRowErrorReasonCount> kReasonNames = {
    "UNKNOWN_PORT",  "NOT_A_PORT",   "BAD_DATE",      "DATE_OUT_OF_RANGE", "PRICE_OUT_OF_RANGE",
    "MISSING_FIELD", "NOT_A_NUMBER", "MALFORMED_ROW", "NOT_UTF8"};

}  // namespace

absl::string_view RowErrorReasonName(RowErrorReason reason) {
  return kReasonNames[static_cast<size_t>(reason)];
}

absl::StatusOr<RowErrorReason> ParseRowErrorReason(absl::string_view name) {
  for (size_t i = 0; i < kReasonNames.size(); ++i) {
    if (kReasonNames[i] == name) return static_cast<RowErrorReason>(i);
  }
  return absl::DataLossError(
      absl::StrCat("a row error with the reason ", name, ", which this release does not know"));
}

}  // namespace fairway
