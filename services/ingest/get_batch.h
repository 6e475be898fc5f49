#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/batch_store.h"

namespace fairway::ingest {

// What became of a batch: its last attempt. BATCH_NOT_FOUND, and the store's errors.
absl::StatusOr<BatchRecord> GetBatch(BatchStore& batches, const BatchKey& key,
                                     const Deadline& deadline);

}  // namespace fairway::ingest
