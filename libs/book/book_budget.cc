#include "libs/book/book_budget.h"

#include "absl/strings/str_cat.h"

namespace fairway {

absl::Status BookBudget::Refusal(DatasetVersion version) const {
  std::string message = absl::StrCat("the price book may take ", bytes_max_, " bytes, and version ",
                                     version, " needs at least ", bytes_taken_.load());
  if (bytes_held_ > 0) absl::StrAppend(&message, " beside the ", bytes_held_, " that are held");
  return absl::ResourceExhaustedError(message);
}

}  // namespace fairway
