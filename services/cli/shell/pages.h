#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/base/status_macros.h"
#include "services/cli/shell/session.h"

namespace fairway::cli {

// Bounds a listing, whatever the server sends. For one thread.
class PageGuard {
 public:
  // `what` is listed, such as "locations"; at most `rows_max` of them.
  PageGuard(absl::string_view what, int64_t rows_max) : what_(what), rows_max_(rows_max) {}

  // Counts a page. INTERNAL for a repeated page token, and for too many rows, pages or bytes.
  absl::Status Add(int64_t rows, size_t bytes, absl::string_view next_token);

 private:
  const std::string what_;
  const int64_t rows_max_;
  int64_t rows_ = 0;
  int64_t pages_ = 0;
  size_t bytes_ = 0;
  std::string token_;
};

// Calls `method` page by page and passes each page to `take`. `row_count` is the page's method that
// counts its rows; `request` has all fields but the page token.
template <typename Method, typename Request, typename RowCount, typename Take>
absl::Status ForEachPage(Session& session, Method method, Request request, PageGuard guard,
                         RowCount row_count, Take take) {
  do {
    ASSIGN_OR_RETURN(const auto page, session.Call(method, request));
    RETURN_IF_ERROR(guard.Add((page.*row_count)(), page.ByteSizeLong(), page.next_page_token()));
    take(page);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

}  // namespace fairway::cli
