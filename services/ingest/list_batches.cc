#include "services/ingest/list_batches.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/page_token.h"
#include "services/ingest/row_cursor.h"

namespace fairway::ingest {
namespace {

// All that a page token is bound to.
std::string RequestOf(const BatchFilter& filter) {
  const auto time = [](const std::optional<absl::Time>& time) {
    return time ? absl::StrCat(absl::ToUnixMicros(*time)) : std::string();
  };
  const auto state = [](std::string* out, BatchState state) {
    absl::StrAppend(out, BatchStateName(state));
  };
  return absl::StrCat("ListBatches|", filter.partner, "|", absl::StrJoin(filter.states, ",", state),
                      "|", time(filter.created_from), "|", time(filter.created_before));
}

}  // namespace

absl::StatusOr<ListBatchesPage> ListBatches(BatchStore& batches, const ListBatchesQuery& query,
                                            const Deadline& deadline) {
  const BatchFilter& filter = query.filter;
  if (!filter.partner.empty()) RETURN_IF_ERROR(CheckPartner(filter.partner));
  if (filter.created_from && filter.created_before &&
      *filter.created_from >= *filter.created_before) {
    return InvalidFilterError("created_before", "not after created_from: nothing can match");
  }
  const std::string request = RequestOf(filter);
  ASSIGN_OR_RETURN(const int limit, ReadPageSize(query.page_size));
  ASSIGN_OR_RETURN(const std::optional<int64_t> after, ReadCursor(request, query.page_token));
  ASSIGN_OR_RETURN(BatchPage page, batches.List(filter, after, limit, deadline));
  return ListBatchesPage{.batches = std::move(page.batches),
                         .next_page_token = WriteCursor(request, page.next)};
}

}  // namespace fairway::ingest
