#include "services/ingest/list_batch_errors.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/ingest/row_cursor.h"

namespace fairway::ingest {

std::string PageScopeOf(const BatchKey& key) {
  return absl::StrCat("ListBatchErrors|", key.partner, "|", key.batch_id);
}

absl::StatusOr<ListBatchErrorsPage> ListBatchErrors(BatchStore& batches,
                                                    const BatchErrorListRequest& request,
                                                    const Deadline& deadline) {
  ASSIGN_OR_RETURN(RowErrorPage stored,
                   batches.ListErrors(request.key, request.after, request.page_size, deadline));
  std::string next = FormatRowCursor(PageScopeOf(request.key), stored.next);
  return ListBatchErrorsPage{.stored = std::move(stored), .next_page_token = std::move(next)};
}

}  // namespace fairway::ingest
