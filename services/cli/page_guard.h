#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// Sees that the pages of a listing come to an end, whatever the server sends: a page token that
// stays the same, more rows, pages or bytes than there can be are errors.
class PageGuard {
 public:
  // `what` is listed: "locations".
  PageGuard(absl::string_view what, int64_t rows_max) : what_(what), rows_max_(rows_max) {}

  // For every page: what it holds, and the token of the next one. INTERNAL.
  absl::Status Add(int64_t rows, size_t bytes, absl::string_view next_token);

 private:
  const std::string what_;
  const int64_t rows_max_;
  int64_t rows_ = 0;
  int64_t pages_ = 0;
  size_t bytes_ = 0;
  std::string token_;
};

}  // namespace fairway::cli
