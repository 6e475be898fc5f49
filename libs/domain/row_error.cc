#include "libs/domain/row_error.h"

namespace fairway {
namespace {

constexpr std::array<absl::string_view, kRowErrorReasonCount> kReasonNames = {
    "UNKNOWN_PORT",  "NOT_A_PORT",   "BAD_DATE",      "DATE_OUT_OF_RANGE", "PRICE_OUT_OF_RANGE",
    "MISSING_FIELD", "NOT_A_NUMBER", "MALFORMED_ROW", "NOT_UTF8"};

}  // namespace

absl::string_view RowErrorReasonName(RowErrorReason reason) {
  return kReasonNames[static_cast<size_t>(reason)];
}

bool ReadRowErrorReason(absl::string_view name, RowErrorReason& reason) {
  for (size_t i = 0; i < kReasonNames.size(); ++i) {
    if (kReasonNames[i] != name) continue;
    reason = static_cast<RowErrorReason>(i);
    return true;
  }
  return false;
}

}  // namespace fairway
