#include "services/cli/transfer_options.h"

#include <iostream>

#include "libs/base/status_macros.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/output.h"
#include "services/cli/transfer/error_report.h"

namespace fairway::cli {

void AddTransferOptions(CLI::App& command, TransferOptions& options) {
  TransferRequest& request = options.request;
  command.add_option("--batch-id", request.batch_id,
                     "Id of the batch: 4 to 63 of [a-z0-9-]; default: derived from the name and "
                     "content of the source. Required for pipes");
  command
      .add_option("--rows", request.rows,
                  "Refuse the batch unless it has this many prices: detects a pipe that was cut "
                  "between two lines")
      ->check(CheckPositive);
  command.add_option("--label", request.label, "Free text, at most 128 bytes");
  command.add_option("--error-report", request.error_report,
                     "Write the errors of the content to this file, as CSV: line, field, reason "
                     "and value of each invalid row, the first 1,000 of each reason. Only a "
                     "heading if there are none; the file stays empty until the result is known");
  command.add_flag("--json", options.json, "Print the receipt as JSON");
}

absl::Status TransferAndPrint(Session& session, BatchSource& source, const std::string& file,
                              const TransferOptions& options) {
  RETURN_IF_ERROR(ClearErrorReport(options.request.error_report, file));
  ASSIGN_OR_RETURN(const v1::UploadBatchResponse response,
                   TransferBatch(session, source, options.request));
  PrintReceipt(response, options.json);
  return WriteEmptyErrorReport(options.request.error_report);
}

void PrintReceipt(const v1::UploadBatchResponse& response, bool json) {
  if (json) return PrintJson(response);
  const v1::Batch& batch = response.batch();
  std::cout << (response.replayed() ? "already committed" : "committed") << " " << batch.partner()
            << "/" << batch.batch_id() << ": " << FormatCount(batch.row_count(), "price") << " on "
            << FormatCount(batch.lane_count(), "lane") << ", " << batch.first_date() << " to "
            << batch.last_date() << "\n"
            << "version " << batch.committed_version() << "  digest " << batch.digest() << "\n";
}

}  // namespace fairway::cli
