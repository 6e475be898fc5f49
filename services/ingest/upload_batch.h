#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/domain/batch.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/location_store.h"
#include "services/ingest/admission.h"
#include "services/ingest/row_source.h"
#include "services/ingest/upload_header.h"

namespace fairway::ingest {

struct UploadReceipt {
  BatchRecord batch;
  bool replayed = false;
};

// Takes a batch in one stream: stores all of it or nothing, exactly once. Borrows what it is given.
// Thread-safe.
class UploadBatch {
 public:
  UploadBatch(BatchStore* batches, LocationReader* locations, Admission* admission)
      : batches_(batches), locations_(locations), admission_(admission) {}

  // Reads `source` to its end, unless the header already decides.
  //   DRAINING: before any row is read;
  //   BATCH_IN_PROGRESS, BATCH_REVERTED, BATCH_ID_CONTENT_MISMATCH: of the id;
  //   BATCH_END_MISSING, CONTENT_INCOMPLETE, BATCH_HAS_INVALID_ROWS, TOO_MANY_ROWS,
  //     INVALID_REQUEST: of the rows;
  //   UPLOAD_TIMED_OUT, CANCELLED, DEADLINE_EXCEEDED, DATABASE_UNAVAILABLE, WRITER_FENCED.
  absl::StatusOr<UploadReceipt> Run(const UploadHeader& header, RowSource& source,
                                    const Deadline& deadline);

 private:
  absl::StatusOr<UploadReceipt> Replay(const UploadHeader& header, const BatchRecord& settled,
                                       RowSource& source, const Deadline& deadline);
  absl::StatusOr<UploadReceipt> Store(const UploadHeader& header, BatchWriter& writer,
                                      RowSource& source, const Deadline& deadline);

  BatchStore* const batches_;
  LocationReader* const locations_;
  Admission* const admission_;
};

}  // namespace fairway::ingest
