#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/domain/row_error.h"
#include "services/cli/shell/session.h"

namespace fairway::cli {

// Advice on a reason, such as "days have the form YYYY-MM-DD and must exist".
absl::string_view HintFor(RowErrorReason reason);

// A hint per line for each reason of BATCH_HAS_INVALID_ROWS, the most frequent first; "" for other
// errors.
std::string FormatHints(const absl::Status& status);

// Prints the hints on standard error, and how to list the row errors if the service keeps any: it
// keeps none for a batch that was committed before, for example.
void PrintRowErrorHelp(Session& session, const v1::BatchHeader& header, const absl::Status& status);

// Passes all row errors that the service keeps of a batch to `take`, page by page, in row order.
absl::Status ForEachErrorPage(Session& session, const std::string& partner,
                              const std::string& batch_id,
                              const std::function<void(const v1::ListBatchErrorsResponse&)>& take);

// A field of a CSV report. Starts with an apostrophe where a spreadsheet would take it for a
// formula (=, +, -, @, a tab or a line break in front), and is Printable().
std::string ReportField(absl::string_view text);

}  // namespace fairway::cli
