#include "services/cli/send_batch.h"

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "services/cli/chunk_writer.h"
#include "services/cli/output.h"
#include "services/cli/progress.h"
#include "services/cli/same_content.h"

namespace fairway::cli {
namespace {

using Writer = grpc::ClientWriter<v1::UploadBatchRequest>;

// Writes all prices and the end. False when the service does not want any more: its status says
// why.
absl::StatusOr<bool> SendPrices(Writer& writer, price_files::PriceSource& source) {
  Progress progress;
  ChunkWriter chunk;
  v1::UploadBatchRequest request;
  price_files::PriceText price;
  int64_t sent = 0;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, source.Next(price));
    if (more) chunk.Add(price);
    if (chunk.full() || (!more && chunk.row_count() > 0)) {
      sent += static_cast<int64_t>(chunk.row_count());
      chunk.TakeInto(*request.mutable_chunk());
      if (!writer.Write(request)) return false;
      std::optional<double> done;
      if (source.size().value_or(0) > 0) {
        done = static_cast<double>(source.bytes_read()) / static_cast<double>(*source.size());
      }
      progress.Show(sent, done);
    }
    if (!more) break;
  }
  request.mutable_end()->set_row_count(sent);
  return writer.Write(request);
}

// "rows[17].day" as people see it in their file.
std::string LineOf(absl::string_view field, const price_files::PriceSource& source) {
  int64_t row = 0;
  const size_t end = field.find(']');
  if (!absl::ConsumePrefix(&field, "rows[") || end == absl::string_view::npos ||
      !absl::SimpleAtoi(field.substr(0, end - 5), &row)) {
    return std::string(field);
  }
  const int64_t line = source.LineOfRow(row);
  return line == 0 ? absl::StrCat("row ", row, ", ", field.substr(end - 3))
                   : absl::StrCat("line ", line, ", ", field.substr(end - 3));
}

// The same error with the lines of the file instead of row numbers.
absl::Status WithLines(const absl::Status& status, const price_files::PriceSource& source) {
  ErrorDetails details = DetailsOf(status);
  if (details.reason != "BATCH_HAS_INVALID_ROWS") return status;
  for (FieldViolation& violation : details.field_violations) {
    violation.field = LineOf(violation.field, source);
  }
  return MakeError(status.code(), status.message(), details);
}

}  // namespace

absl::StatusOr<v1::UploadBatchResponse> SendBatch(Session& session, const v1::BatchHeader& header,
                                                  price_files::PriceSource& source) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoSeconds(limits::kUploadTimeMax));
  v1::UploadBatchResponse response;
  const std::unique_ptr<Writer> writer = session.ingest().UploadBatch(&context, &response);
  v1::UploadBatchRequest request;
  *request.mutable_header() = header;
  if (writer->Write(request)) {
    const absl::StatusOr<bool> sent = SendPrices(*writer, source);
    if (!sent.ok()) {  // A batch that cannot be read to its end must not be committed.
      context.TryCancel();
      writer->Finish();
      return sent.status();
    }
    if (*sent) writer->WritesDone();
  }
  const absl::Status status = rpc::FromGrpcStatus(writer->Finish());
  if (!status.ok()) return WithLines(status, source);
  SetCommitted(session, response.batch());
  if (!response.replayed()) WarnOfSameContent(session, response.batch());
  return response;
}

void SetCommitted(Session& session, const v1::Batch& batch) {
  session.SetDone(absl::StrCat("batch ", batch.partner(), "/", batch.batch_id(),
                               " is committed at version ", batch.committed_version()));
}

void PrintReceipt(const v1::UploadBatchResponse& response) {
  const v1::Batch& batch = response.batch();
  std::cout << (response.replayed() ? "already committed" : "committed") << " " << batch.partner()
            << "/" << batch.batch_id() << ": " << FormatCount(batch.row_count(), "price") << " on "
            << FormatCount(batch.lane_count(), "lane") << ", " << batch.first_date() << " to "
            << batch.last_date() << "\n"
            << "version " << batch.committed_version() << "  digest " << batch.digest() << "\n";
}

}  // namespace fairway::cli
