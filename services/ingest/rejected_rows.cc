#include "services/ingest/rejected_rows.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/server/known_fields.h"

namespace fairway::ingest {
namespace {

// A row has its position, what is readable of it, and its errors, each of which has four fields.
constexpr size_t kRowFieldsMax = 2 + 4 + 5 * limits::kRejectedRowErrorsMax;

constexpr std::array<absl::string_view, 5> kFields = {"origin", "destination", "day", "price",
                                                      "row"};

absl::Status RefuseRow(absl::string_view why) {
  return InvalidRequestError("chunk.rejected_rows", why);
}

}  // namespace

absl::StatusOr<bool> RejectedRows::Next() {
  wire::Field field;
  while (reader_.Next(field)) {
    if (field.number != v1::PriceChunk::kRejectedRowsFieldNumber) continue;
    RETURN_IF_ERROR(ReadRow(field.bytes));
    return true;
  }
  return false;
}

absl::Status RejectedRows::ReadRow(absl::string_view bytes) {
  RETURN_IF_ERROR(rpc::CheckKnownFields(*v1::RejectedRow::descriptor(), bytes, kRowFieldsMax));
  if (!message_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return RefuseRow("text that is not UTF-8");
  }
  if (message_.position() <= last_position_) return RefuseRow("positions must ascend from 0");
  last_position_ = message_.position();
  if (message_.errors().empty() || message_.errors_size() > limits::kRejectedRowErrorsMax) {
    return RefuseRow(absl::StrCat("a row has 1 to ", limits::kRejectedRowErrorsMax, " errors"));
  }
  errors_.clear();
  for (const v1::RowError& error : message_.errors()) {
    if (!v1::RowErrorReason_IsValid(error.reason()) || error.reason() == 0) {
      return RefuseRow(absl::StrCat(static_cast<int>(error.reason()), " is not a known reason"));
    }
    if (std::find(kFields.begin(), kFields.end(), error.field()) == kFields.end()) {
      return RefuseRow("an error is of origin, destination, day, price or row");
    }
    errors_.push_back({.field = error.field(),
                       .reason = static_cast<RowErrorReason>(error.reason() - 1),
                       .value = error.value()});
  }
  return absl::OkStatus();
}

RawRejectedRow RejectedRows::row() const {
  const v1::Price& readable = message_.readable();
  return {.readable = {readable.origin(), readable.destination(), readable.day(), readable.price()},
          .errors = errors_};
}

}  // namespace fairway::ingest
