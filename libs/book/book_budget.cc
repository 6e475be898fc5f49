#include "libs/book/book_budget.h"

#include "absl/strings/str_cat.h"

#include "libs/book/retired_books.h"

namespace fairway {

void BookBudget::Take(int64_t bytes) {
  bytes_taken_ += bytes;
  if (bytes_max_ == 0 || is_exceeded_ || !IsShort()) return;
  if (retired_ != nullptr) retired_->FreeLeased();
  if (IsShort()) is_exceeded_ = true;
}

int64_t BookBudget::bytes_held() const {
  return bytes_held_ + (retired_ == nullptr ? 0 : retired_->bytes());
}

absl::Status BookBudget::Refusal(DatasetVersion version) const {
  std::string message = absl::StrCat("the price book may take ", bytes_max_, " bytes, and version ",
                                     version, " needs at least ", bytes_taken_.load());
  const int64_t held = bytes_held();
  if (held > 0) absl::StrAppend(&message, " beside the ", held, " that are held");
  return absl::ResourceExhaustedError(message);
}

}  // namespace fairway
