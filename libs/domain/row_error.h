#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway {

// Why a row of a batch cannot be stored. The names are part of the API.
enum class RowErrorReason {
  kUnknownPort,      // The code has the form of a port code, and no such port is known.
  kNotAPort,         // A region slug, or text that is no port code at all.
  kBadDate,          // Not a day that exists, as YYYY-MM-DD.
  kDateOutOfRange,   // Before 1990-01-01 or after 2100-12-31.
  kPriceOutOfRange,  // Not within 1..10,000,000 whole US dollars.
  kMissingField,     // Empty or absent.
  // Found by clients, which read text:
  kNotANumber,    // A price that is not a whole number.
  kMalformedRow,  // A line that cannot be split into the fields its heading names.
  kNotUtf8,
};
inline constexpr int kRowErrorReasonCount = 9;

// "UNKNOWN_PORT".
absl::string_view RowErrorReasonName(RowErrorReason reason);
// DATA_LOSS for a name that this release does not know.
absl::StatusOr<RowErrorReason> ParseRowErrorReason(absl::string_view name);

struct RowError {
  int64_t row_index = 0;  // From 0, in the order the rows were sent.
  std::string field;      // "origin", "destination", "day" or "price"; "row": all of it.
  RowErrorReason reason = RowErrorReason::kMissingField;
  std::string value;  // As sent, cut to kRowErrorValueBytesMax bytes of valid UTF-8.

  friend bool operator==(const RowError&, const RowError&) = default;
};

// What is wrong with a batch: exact totals, and the first errors of each reason, in row order.
struct RowErrorSummary {
  int64_t error_count = 0;
  int64_t bad_row_count = 0;
  std::array<int64_t, kRowErrorReasonCount> count_by_reason{};
  std::vector<RowError> first_errors;  // At most kStoredRowErrorsPerReasonMax of each reason.

  bool empty() const { return error_count == 0; }
};

}  // namespace fairway
