#include "services/ingest/list_batch_errors.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/page_token.h"
#include "services/ingest/row_cursor.h"

namespace fairway::ingest {

absl::StatusOr<ListBatchErrorsPage> ListBatchErrors(BatchStore& batches,
                                                    const ListBatchErrorsQuery& query,
                                                    const Deadline& deadline) {
  RETURN_IF_ERROR(CheckPartner(query.key.partner));
  RETURN_IF_ERROR(CheckBatchId(query.key.batch_id));
  const std::string request =
      absl::StrCat("ListBatchErrors|", query.key.partner, "|", query.key.batch_id);
  ASSIGN_OR_RETURN(const int limit, ReadPageSize(query.page_size));
  ASSIGN_OR_RETURN(const std::optional<int64_t> after, ReadCursor(request, query.page_token));
  ASSIGN_OR_RETURN(RowErrorPage page, batches.ListErrors(query.key, after, limit, deadline));
  const std::string next = WriteCursor(request, page.next);
  return ListBatchErrorsPage{.page = std::move(page), .next_page_token = next};
}

}  // namespace fairway::ingest
