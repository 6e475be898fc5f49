#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/cli/load_source.h"
#include "services/cli/retry.h"
#include "services/cli/session.h"

namespace fairway::cli {

struct LoadRequest {
  std::string partner;
  std::string batch_id;  // "" for the one that names the content.
  std::string label;
  int64_t rows = 0;          // How many the source must have; 0 for any number.
  std::string error_report;  // A file for what is wrong with the content; "" for none.
  RetryPolicy retry;
};

// Loads a source as one batch. Where the batch id names the content, a batch that is there already
// is the answer at once. Failures that may pass are waited for, as is another attempt that holds
// the id. Content that can never be loaded is set aside, with a report of what is wrong with it.
absl::StatusOr<v1::UploadBatchResponse> LoadBatch(Session& session, LoadSource& source,
                                                  const LoadRequest& request);

}  // namespace fairway::cli
