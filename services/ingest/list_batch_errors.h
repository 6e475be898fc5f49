#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/batch_store.h"

namespace fairway::ingest {

struct ListBatchErrorsQuery {
  BatchKey key;
  int32_t page_size = 0;
  std::string page_token;
};

struct ListBatchErrorsPage {
  RowErrorPage page;
  std::string next_page_token;
};

// What is wrong with the rows of a batch, in row order. INVALID_PARTNER, INVALID_BATCH_ID,
// BATCH_NOT_FOUND, INVALID_PAGE_TOKEN, INVALID_REQUEST, and the store's.
absl::StatusOr<ListBatchErrorsPage> ListBatchErrors(BatchStore& batches,
                                                    const ListBatchErrorsQuery& query,
                                                    const Deadline& deadline);

}  // namespace fairway::ingest
