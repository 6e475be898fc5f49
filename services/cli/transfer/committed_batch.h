#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/cli/shell/session.h"

namespace fairway::cli {

// Returns the receipt if the batch of `header` is committed with the row count and digest that it
// declares, if any; nullopt if it has to be sent. BATCH_REVERTED, BATCH_ID_CONTENT_MISMATCH.
absl::StatusOr<std::optional<v1::UploadBatchResponse>> FindReceipt(Session& session,
                                                                   const v1::BatchHeader& header);

// Checks, before anything else is done, whether the batch of `header` can be committed or is
// committed with this content. The errors of FindReceipt(); BATCH_IN_PROGRESS while another attempt
// holds the id, and for half a minute after one was killed.
absl::Status CheckCanCommit(Session& session, const v1::BatchHeader& header);

// Warns on standard error if a new batch has the content of another committed batch of the partner:
// its prices count twice then. Looks at the newest 1,000 batches; ignores failures.
void WarnOfSameContent(Session& session, const v1::Batch& batch);

}  // namespace fairway::cli
