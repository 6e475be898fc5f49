#include "services/ingest/get_batch.h"

#include "libs/base/status_macros.h"

namespace fairway::ingest {

absl::StatusOr<BatchRecord> GetBatch(BatchStore& batches, const BatchKey& key,
                                     const Deadline& deadline) {
  RETURN_IF_ERROR(CheckPartner(key.partner));
  RETURN_IF_ERROR(CheckBatchId(key.batch_id));
  return batches.Get(key, deadline);
}

}  // namespace fairway::ingest
