#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/cli/shell/session.h"
#include "services/cli/transfer/batch_source.h"
#include "services/cli/transfer/retry.h"

namespace fairway::cli {

struct TransferRequest {
  std::string partner;
  std::string batch_id;  // "" for the id that is derived from the content.
  std::string label;
  int64_t rows = 0;          // The declared number of rows; 0 for none.
  std::string error_report;  // The file for content errors; "" for none.
  RetryPolicy retry;
};

// The header of the batch. Derives the batch id from the content if none is given, and prints it on
// standard error. Errors of BatchSource::BatchId().
absl::StatusOr<v1::BatchHeader> MakeHeader(BatchSource& source, const TransferRequest& request);

// The way from a source to a committed batch, for all commands. With a derived id, a batch that is
// committed already is returned at once. Retries retryable errors, from the beginning of the
// source; waits while another attempt holds the id. Content errors are explained on standard error,
// reported to the file of the request, and set aside with the source. If that report fails with a
// retryable error, this error is returned, so that the next run reports the content.
absl::StatusOr<v1::UploadBatchResponse> TransferBatch(Session& session, BatchSource& source,
                                                      const TransferRequest& request);

}  // namespace fairway::cli
