#pragma once

#include "absl/status/status.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/cli/session.h"

namespace fairway::cli {

// Whether a batch whose header declares its digest can be committed under its id, for who wants to
// know before anything else is done. OK when the id is free, or was committed with this content.
// BATCH_ID_CONTENT_MISMATCH, BATCH_REVERTED; BATCH_IN_PROGRESS while another attempt holds the id,
// and for half a minute after one was killed.
absl::Status CheckCanCommit(Session& session, const v1::BatchHeader& header);

}  // namespace fairway::cli
