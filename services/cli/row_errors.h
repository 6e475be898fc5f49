#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "services/cli/session.h"

namespace fairway::cli {

// "UNKNOWN_PORT"
std::string NameOfReason(v1::RowErrorReason reason);

// What to do about each reason that a batch with bad rows has, the most frequent first.
std::string FormatHints(const absl::Status& status);

// The hints, and where the bad rows can be listed as far as the service kept them: of a batch that
// was committed before, for one, it keeps none. On standard error.
void PrintHelp(Session& session, const v1::BatchHeader& header, const absl::Status& status);

// Everything the service kept of what is wrong with a batch, page after page, in row order.
absl::Status ForEachErrorPage(Session& session, const std::string& partner,
                              const std::string& batch_id,
                              const std::function<void(const v1::ListBatchErrorsResponse&)>& take);

}  // namespace fairway::cli
