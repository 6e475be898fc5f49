#pragma once

#include <CLI/App.hpp>

#include "absl/status/status.h"

#include "services/cli/shell/session.h"
#include "services/cli/transfer/batch_source.h"
#include "services/cli/transfer/transfer_batch.h"

namespace fairway::cli {

// The options that commands share which transfer a file.
struct TransferOptions {
  TransferRequest request;
  bool json = false;
};

// --batch-id, --rows, --label, --error-report and --json.
void AddTransferOptions(CLI::App& command, TransferOptions& options);

// Transfers a batch. Clears the error report first; `file` must not be the report. Prints the
// receipt on standard output.
absl::Status TransferAndPrint(Session& session, BatchSource& source, const std::string& file,
                              const TransferOptions& options);

void PrintReceipt(const v1::UploadBatchResponse& response, bool json);

}  // namespace fairway::cli
