#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/price_files/price_source.h"
#include "services/cli/session.h"

namespace fairway::cli {

// Uploads a batch, once: all of `source`, or what the service wanted of it. How prices get to the
// service is decided here and nowhere else. Tells bad rows by their lines. After a failure that may
// pass the same batch may be sent again, from its beginning; see retry.h.
absl::StatusOr<v1::UploadBatchResponse> SendBatch(Session& session, const v1::BatchHeader& header,
                                                  price_files::PriceSource& source);

// What --rows is for.
inline constexpr const char* kRowsHelp =
    "Refuse the batch unless it has this many prices: nothing else shows that a pipe was cut "
    "between two lines";

// A batch is committed, whatever becomes of the answer.
void SetCommitted(Session& session, const v1::Batch& batch);

// The receipt for people, on standard output.
void PrintReceipt(const v1::UploadBatchResponse& response);

}  // namespace fairway::cli
