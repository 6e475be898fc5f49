#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/batch_store.h"

namespace fairway::ingest {

struct ListBatchesQuery {
  BatchFilter filter;
  int32_t page_size = 0;
  std::string page_token;
};

struct ListBatchesPage {
  std::vector<BatchRecord> batches;
  std::string next_page_token;
};

// Batches, newest first. INVALID_PARTNER, INVALID_FILTER, INVALID_PAGE_TOKEN, INVALID_REQUEST, and
// the store's.
absl::StatusOr<ListBatchesPage> ListBatches(BatchStore& batches, const ListBatchesQuery& query,
                                            const Deadline& deadline);

}  // namespace fairway::ingest
