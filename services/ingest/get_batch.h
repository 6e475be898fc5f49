#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/storage/batch_store.h"

namespace fairway::ingest {

// What became of a batch. INVALID_PARTNER, INVALID_BATCH_ID, BATCH_NOT_FOUND, and the store's.
absl::StatusOr<BatchRecord> GetBatch(BatchStore& batches, const BatchKey& key, absl::Time deadline);

}  // namespace fairway::ingest
