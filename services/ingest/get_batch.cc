#include "services/ingest/get_batch.h"

namespace fairway::ingest {

absl::StatusOr<BatchRecord> GetBatch(BatchStore& batches, const BatchKey& key,
                                     const Deadline& deadline) {
  return batches.Get(key, deadline);
}

}  // namespace fairway::ingest
