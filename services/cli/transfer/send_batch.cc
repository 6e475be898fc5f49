#include "services/cli/transfer/send_batch.h"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "services/cli/transfer/chunk_writer.h"
#include "services/cli/transfer/progress.h"

namespace fairway::cli {
namespace {

using Writer = grpc::ClientWriter<v1::UploadBatchRequest>;

constexpr absl::string_view kRowsPrefix = "rows[";

// The next part of a source, as a message.
struct Part {
  v1::UploadBatchRequest request;
  int64_t rows = 0;
  std::optional<double> done;  // Of the whole source, where its size is known.
  bool is_last = false;
};

absl::StatusOr<Part> ReadPart(price_files::PriceSource& source, ChunkWriter& chunk) {
  Part part;
  price_files::PriceText price;
  while (!chunk.full() && !part.is_last) {
    ASSIGN_OR_RETURN(const bool more, source.Next(price));
    if (more) chunk.Add(price);
    part.is_last = !more;
  }
  part.rows = static_cast<int64_t>(chunk.row_count());
  if (part.rows > 0) chunk.TakeInto(*part.request.mutable_chunk());
  if (source.size().value_or(0) > 0) {
    part.done = static_cast<double>(source.bytes_read()) / static_cast<double>(*source.size());
  }
  return part;
}

// Writes all prices and the end; false when the service has ended the call. Reads the next part
// while one is on its way.
absl::StatusOr<bool> SendPrices(Writer& writer, price_files::PriceSource& source) {
  Progress progress;
  ChunkWriter chunk;  // Of the part that is read.
  const auto read_part = [&] { return ReadPart(source, chunk); };
  int64_t sent = 0;
  absl::StatusOr<Part> part = read_part();
  while (part.ok() && part->rows > 0) {
    std::future<absl::StatusOr<Part>> next;  // Its destructor waits for what reads the source.
    if (!part->is_last) next = std::async(std::launch::async, read_part);
    if (!writer.Write(part->request)) return false;
    sent += part->rows;
    progress.Show(sent, part->done);
    part = next.valid() ? next.get() : absl::StatusOr<Part>(Part());
  }
  RETURN_IF_ERROR(part.status());
  v1::UploadBatchRequest request;
  request.mutable_end()->set_row_count(sent);
  return writer.Write(request);
}

// "rows[17].day" -> "line 18, day", "rows[17]" -> "line 18"; other fields stay as they are.
std::string LineOf(absl::string_view field, const price_files::PriceSource& source) {
  const size_t end = field.find(']');
  int64_t row = 0;
  if (!absl::StartsWith(field, kRowsPrefix) || end == absl::string_view::npos ||
      !absl::SimpleAtoi(field.substr(kRowsPrefix.size(), end - kRowsPrefix.size()), &row)) {
    return std::string(field);
  }
  const int64_t line = source.LineOfRow(row);
  const absl::string_view name = absl::StripPrefix(field.substr(end + 1), ".");
  return absl::StrCat(line == 0 ? "row " : "line ", line == 0 ? row : line,
                      name.empty() ? "" : ", ", name);
}

// Replaces the rows that an error names by the lines of the file.
absl::Status WithLines(const absl::Status& status, const price_files::PriceSource& source) {
  ErrorDetails details = DetailsOf(status);
  if (details.reason != reasons::kBatchHasInvalidRows) return status;
  for (FieldViolation& violation : details.field_violations) {
    violation.field = LineOf(violation.field, source);
  }
  return MakeError(status.code(), status.message(), details);
}

}  // namespace

absl::StatusOr<v1::UploadBatchResponse> SendBatch(v1::PriceIngestService::Stub& ingest,
                                                  const v1::BatchHeader& header,
                                                  price_files::PriceSource& source) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoSeconds(limits::kUploadTimeMax));
  v1::UploadBatchResponse response;
  const std::unique_ptr<Writer> writer = ingest.UploadBatch(&context, &response);
  v1::UploadBatchRequest request;
  *request.mutable_header() = header;
  if (writer->Write(request)) {
    const absl::StatusOr<bool> sent = SendPrices(*writer, source);
    if (!sent.ok()) {  // The rest cannot be read: do not let the service commit the beginning.
      context.TryCancel();
      writer->Finish();
      return sent.status();
    }
    if (*sent) writer->WritesDone();
  }
  const absl::Status status = rpc::FromGrpcStatus(writer->Finish());
  if (!status.ok()) return WithLines(status, source);
  return response;
}

}  // namespace fairway::cli
