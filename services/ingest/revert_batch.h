#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/batch_store.h"

namespace fairway::ingest {

// Takes a committed batch out again, as one new version. The errors of BatchStore::Revert().
absl::StatusOr<BatchReversal> RevertBatch(BatchStore& batches, const BatchKey& key,
                                          const Deadline& deadline);

}  // namespace fairway::ingest
