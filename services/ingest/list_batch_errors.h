#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/domain/limits.h"
#include "libs/storage/batch_store.h"

namespace fairway::ingest {

struct BatchErrorListRequest {
  BatchKey key;
  int page_size = limits::kPageSizeDefault;
  std::optional<int64_t> after;  // The error that the page follows; none: the first page.
};

// What the page tokens of a request are bound to.
std::string PageScopeOf(const BatchKey& key);

struct ListBatchErrorsPage {
  RowErrorPage stored;
  std::string next_page_token;
};

// What is wrong with the rows of a batch, in row order. The errors of BatchStore::ListErrors().
absl::StatusOr<ListBatchErrorsPage> ListBatchErrors(BatchStore& batches,
                                                    const BatchErrorListRequest& request,
                                                    const Deadline& deadline);

}  // namespace fairway::ingest
