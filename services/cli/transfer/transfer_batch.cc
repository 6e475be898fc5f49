#include "services/cli/transfer/transfer_batch.h"

#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "services/cli/shell/error_message.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/transfer/committed_batch.h"
#include "services/cli/transfer/error_report.h"
#include "services/cli/transfer/row_errors.h"
#include "services/cli/transfer/send_batch.h"

namespace fairway::cli {
namespace {

// One transfer: the state that its attempts share.
class Transfer {
 public:
  Transfer(Session& session, BatchSource& source, const TransferRequest& request)
      : session_(session), source_(source), request_(request) {}

  absl::Status Try() {
    prices_.reset();  // The source allows only one reader at a time.
    if (header_.batch_id().empty()) {
      ASSIGN_OR_RETURN(header_, MakeHeader(source_, request_));
    }
    if (request_.batch_id.empty()) {
      ASSIGN_OR_RETURN(std::optional<v1::UploadBatchResponse> receipt,
                       FindReceipt(session_, header_));
      if (receipt) {
        response_ = *std::move(receipt);
        return absl::OkStatus();
      }
    }
    ASSIGN_OR_RETURN(prices_, source_.Open());
    ASSIGN_OR_RETURN(response_, SendBatch(session_.ingest(), header_, *prices_));
    return absl::OkStatus();
  }

  // Explains a content error, and reports it. OK if it was reported wherever it has to be.
  absl::Status Report(const absl::Status& failure) {
    PrintRowErrorHelp(session_, header_, failure);
    if (request_.error_report.empty() && !source_.SetsAside()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string report,
                     MakeErrorReport(session_, header_, failure, prices_.get()));
    prices_.reset();
    if (!request_.error_report.empty()) {
      RETURN_IF_ERROR(WriteErrorReport(report, request_.error_report));
      std::cerr << "errors by line: " << request_.error_report << "\n";
    }
    return source_.SetAside(report);
  }

  const v1::UploadBatchResponse& response() const { return response_; }

 private:
  Session& session_;
  BatchSource& source_;
  const TransferRequest& request_;
  v1::BatchHeader header_;
  std::unique_ptr<price_files::PriceSource> prices_;
  v1::UploadBatchResponse response_;
};

// What the command ends with after a content error.
absl::Status ReportFailure(Transfer& transfer, const absl::Status& failure) {
  absl::Status reported = transfer.Report(failure);
  if (reported.ok()) return failure;
  if (IsRetryable(reported)) {
    PrintError(failure);
    return reported;
  }
  std::cerr << "fairway: the report cannot be stored: " << UserMessage(reported) << "\n";
  return failure;
}

}  // namespace

absl::StatusOr<v1::BatchHeader> MakeHeader(BatchSource& source, const TransferRequest& request) {
  v1::BatchHeader header;
  source.Declare(header);
  header.set_partner(request.partner);
  header.set_batch_id(request.batch_id);
  if (request.batch_id.empty()) {
    ASSIGN_OR_RETURN(*header.mutable_batch_id(), source.BatchId());
    std::cerr << "batch id: " << header.batch_id() << std::endl;
  }
  header.set_label(request.label);
  if (request.rows > 0) header.set_declared_row_count(request.rows);
  return header;
}

absl::StatusOr<v1::UploadBatchResponse> TransferBatch(Session& session, BatchSource& source,
                                                      const TransferRequest& request) {
  RetryPolicy policy = request.retry;
  if (!source.CanBeReadAgain()) {
    policy.attempts_max = 1;
    policy.attempts_option = "";  // No number of attempts would help.
  }
  Transfer transfer(session, source, request);
  const absl::Status status = Retry(policy, [&transfer] { return transfer.Try(); });
  if (IsContentError(status)) return ReportFailure(transfer, status);
  RETURN_IF_ERROR(status);
  const v1::UploadBatchResponse& response = transfer.response();
  const v1::Batch& batch = response.batch();
  session.SetDone(absl::StrCat("batch ", batch.partner(), "/", batch.batch_id(),
                               " is committed at version ", batch.committed_version()));
  if (!response.replayed()) WarnOfSameContent(session, batch);
  return response;
}

}  // namespace fairway::cli
