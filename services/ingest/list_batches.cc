#include "services/ingest/list_batches.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "libs/base/status_macros.h"
#include "services/ingest/row_cursor.h"

namespace fairway::ingest {

std::string PageScopeOf(const BatchFilter& filter) {
  const auto time = [](const std::optional<absl::Time>& time) {
    return time ? absl::StrCat(absl::ToUnixMicros(*time)) : std::string();
  };
  const auto state = [](std::string* out, BatchState state) {
    absl::StrAppend(out, BatchStateName(state));
  };
  return absl::StrCat("ListBatches|", filter.partner, "|", absl::StrJoin(filter.states, ",", state),
                      "|", time(filter.created_from), "|", time(filter.created_before));
}

absl::StatusOr<ListBatchesPage> ListBatches(BatchStore& batches, const BatchListRequest& request,
                                            const Deadline& deadline) {
  ASSIGN_OR_RETURN(BatchPage page,
                   batches.List(request.filter, request.after, request.page_size, deadline));
  return ListBatchesPage{
      .batches = std::move(page.batches),
      .next_page_token = FormatRowCursor(PageScopeOf(request.filter), page.next)};
}

}  // namespace fairway::ingest
