#include "services/ingest/revert_batch.h"

namespace fairway::ingest {

absl::StatusOr<BatchReversal> RevertBatch(BatchStore& batches, const BatchKey& key,
                                          const Deadline& deadline) {
  return batches.Revert(key, deadline);
}

}  // namespace fairway::ingest
