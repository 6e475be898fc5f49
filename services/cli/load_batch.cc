#include "services/cli/load_batch.h"

#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/errors.h"
#include "libs/price_files/csv_price_source.h"
#include "libs/rpc/status.h"
#include "services/cli/error_report.h"
#include "services/cli/exit_code.h"
#include "services/cli/output.h"
#include "services/cli/row_errors.h"
#include "services/cli/send_batch.h"
#include "services/cli/server_words.h"

namespace fairway::cli {
namespace {

// The receipt of a batch that is there already; nothing when it is still to be sent.
absl::StatusOr<std::optional<v1::UploadBatchResponse>> FindReceipt(Session& session,
                                                                   const v1::BatchHeader& header) {
  v1::GetBatchRequest request;
  request.set_partner(header.partner());
  request.set_batch_id(header.batch_id());
  v1::GetBatchResponse found;
  const absl::Status status =
      rpc::FromGrpcStatus(session.ingest().GetBatch(session.NewContext().get(), request, &found));
  if (absl::IsNotFound(status)) return std::nullopt;
  RETURN_IF_ERROR(status);
  if (found.batch().state() == v1::BATCH_STATE_REVERTED) {
    return BatchRevertedError({.partner = header.partner(), .batch_id = header.batch_id()});
  }
  if (found.batch().state() != v1::BATCH_STATE_COMMITTED) return std::nullopt;
  SetCommitted(session, found.batch());
  v1::UploadBatchResponse receipt;
  *receipt.mutable_batch() = std::move(*found.mutable_batch());
  receipt.set_replayed(true);
  return receipt;
}

// One load: what its attempts share.
class Load {
 public:
  Load(Session& session, LoadSource& source, const LoadRequest& request)
      : session_(session), source_(source), request_(request) {
    header_.set_partner(request.partner);
    header_.set_batch_id(request.batch_id);
    header_.set_label(request.label);
    if (request.rows > 0) header_.set_declared_row_count(request.rows);
  }

  absl::StatusOr<v1::UploadBatchResponse> Try() {
    prices_.reset();  // The source is opened once at a time.
    if (request_.batch_id.empty()) {
      RETURN_IF_ERROR(NameBatch());
      ASSIGN_OR_RETURN(std::optional<v1::UploadBatchResponse> receipt,
                       FindReceipt(session_, header_));
      if (receipt) return *std::move(receipt);
    }
    ASSIGN_OR_RETURN(std::unique_ptr<price_files::ByteSource> bytes, source_.Open());
    ASSIGN_OR_RETURN(prices_, price_files::CsvPriceSource::Read(std::move(bytes)));
    return SendBatch(session_, header_, *prices_);
  }

  const v1::BatchHeader& header() const { return header_; }

  // Makes sure that people find out. OK when they can.
  absl::Status Report(const absl::Status& failure) {
    ASSIGN_OR_RETURN(const std::string report,
                     MakeErrorReport(session_, header_, failure, prices_.get()));
    prices_.reset();
    if (!request_.error_report.empty()) {
      RETURN_IF_ERROR(WriteErrorReport(report, request_.error_report));
    }
    return source_.SetAside(report);
  }

 private:
  absl::Status NameBatch() {
    if (!header_.batch_id().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string batch_id, source_.BatchId());
    header_.set_batch_id(batch_id);
    std::cerr << source_.name() << " is batch " << header_.partner() << "/" << batch_id
              << std::endl;
    return absl::OkStatus();
  }

  Session& session_;
  LoadSource& source_;
  const LoadRequest& request_;
  v1::BatchHeader header_;
  std::unique_ptr<price_files::PriceSource> prices_;
};

}  // namespace

absl::StatusOr<v1::UploadBatchResponse> LoadBatch(Session& session, LoadSource& source,
                                                  const LoadRequest& request) {
  RetryPolicy policy = request.retry;
  if (!source.CanBeReadAgain()) policy.attempts_max = 1;
  Load load(session, source, request);
  absl::StatusOr<v1::UploadBatchResponse> response = Retry(policy, [&load] { return load.Try(); });
  if (!IsContentToBlame(response.status())) return response;
  PrintHelp(session, load.header(), response.status());
  const absl::Status reported = load.Report(response.status());
  if (reported.ok()) return response;
  if (MayPass(reported)) {  // Who starts this again gets another chance to report it.
    PrintError(response.status());
    return reported;
  }
  std::cerr << "fairway: and the report of it could not be kept: " << MessageForPeople(reported)
            << "\n";
  return response;
}

}  // namespace fairway::cli
