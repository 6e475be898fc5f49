#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/cli/price_source.h"
#include "services/cli/session.h"

namespace fairway::cli {

using OpenPriceSource = std::function<absl::StatusOr<std::unique_ptr<PriceSource>>()>;

// Uploads a batch, and again after failures that pass (the service away, a task that drains,
// another attempt that still holds the id), `attempts_max` times in all: the batch id makes that
// safe. Every attempt opens its source anew. Tells bad rows by their lines.
absl::StatusOr<v1::UploadBatchResponse> SendBatch(Session& session, const v1::BatchHeader& header,
                                                  const OpenPriceSource& open, int attempts_max);

// The receipt for people, on standard output.
void PrintReceipt(const v1::UploadBatchResponse& response);

}  // namespace fairway::cli
