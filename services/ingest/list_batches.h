#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/domain/limits.h"
#include "libs/storage/batch_store.h"

namespace fairway::ingest {

struct BatchListRequest {
  BatchFilter filter;
  int page_size = limits::kPageSizeDefault;
  std::optional<int64_t> after;  // The row that the page follows; none: the first page.
};

// What the page tokens of a request are bound to.
std::string PageScopeOf(const BatchFilter& filter);

struct ListBatchesPage {
  std::vector<BatchRecord> batches;
  std::string next_page_token;
};

// Batches, newest first. The errors of BatchStore::List().
absl::StatusOr<ListBatchesPage> ListBatches(BatchStore& batches, const BatchListRequest& request,
                                            const Deadline& deadline);

}  // namespace fairway::ingest
