#include "services/ingest/upload_batch.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/series/digest.h"
#include "services/ingest/batch_intake.h"
#include "services/ingest/series_pipeline.h"

namespace fairway::ingest {
namespace {

constexpr absl::string_view kDeclaredRowCount = "header.declared_row_count";

absl::Status ReadAll(RowSource& source, BatchIntake& intake) {
  while (true) {
    ASSIGN_OR_RETURN(const RawBlock* block, source.Next());
    if (block == nullptr) return absl::OkStatus();
    RETURN_IF_ERROR(intake.Add(*block));
  }
}

// Each names the field of the upload that declared what was not received.
absl::Status CheckRowCount(absl::string_view field, std::optional<int64_t> declared,
                           int64_t received) {
  if (declared.value_or(received) == received) return absl::OkStatus();
  return ContentIncompleteError(field, absl::StrCat(*declared), absl::StrCat(received));
}

absl::Status CheckDigest(absl::string_view field, absl::string_view declared,
                         absl::string_view received) {
  if (declared.empty() || declared == received) return absl::OkStatus();
  return ContentIncompleteError(field, declared, received);
}

// Whether the source, which brings no more, has brought all that was sent. That it stopped proves
// nothing: the sender must have said so, or said before what all is.
absl::Status CheckAllArrived(const UploadHeader& header, const std::optional<UploadEnd>& end,
                             int64_t received) {
  if (!end && !header.declared_row_count && header.declared_digest.empty()) {
    return BatchEndMissingError();
  }
  RETURN_IF_ERROR(CheckRowCount(kDeclaredRowCount, header.declared_row_count, received));
  if (end) RETURN_IF_ERROR(CheckRowCount("end.row_count", end->row_count, received));
  if (received == 0) return InvalidRequestError("chunk", "the batch has no rows");
  return absl::OkStatus();
}

// Whether the rows, which were read to their end, are all that was sent, and good.
absl::Status CheckContent(const UploadHeader& header, const std::optional<UploadEnd>& end,
                          const BatchIntake& intake, const absl::Status& invalid_rows) {
  const BatchContent content = intake.content();
  RETURN_IF_ERROR(CheckAllArrived(header, end, content.row_count));
  RETURN_IF_ERROR(invalid_rows);
  RETURN_IF_ERROR(CheckDigest("header.declared_digest", header.declared_digest, content.digest));
  return end ? CheckDigest("end.digest", end->digest, content.digest) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<UploadReceipt> UploadBatch::Run(const UploadHeader& header, RowSource& source,
                                               const Deadline& deadline) {
  ASSIGN_OR_RETURN(const Admission::Place place, admission_->Enter());
  ASSIGN_OR_RETURN(const BatchClaim claim, batches_->Claim(header.key, header.label, deadline));
  if (claim.settled) return Replay(header, *claim.settled, source, deadline);
  return Store(header, *claim.writer, source, deadline);
}

absl::StatusOr<UploadReceipt> UploadBatch::Replay(const UploadHeader& header,
                                                  const BatchRecord& settled, RowSource& source,
                                                  const Deadline& deadline) {
  if (settled.state == BatchState::kReverted) return BatchRevertedError(header.key);
  const int64_t settled_rows = settled.content.row_count;
  std::string digest = header.declared_digest;
  if (digest.empty()) {  // Only the rows show whether this is the same batch.
    ASSIGN_OR_RETURN(const auto tree, locations_->ReadTree(deadline));
    BatchIntake intake(tree, /*sink=*/nullptr);
    RETURN_IF_ERROR(ReadAll(source, intake));
    const auto invalid_rows =
        intake.errors().empty() ? absl::OkStatus()
                                : ReplayHasInvalidRowsError(header.key, intake.errors().summary());
    RETURN_IF_ERROR(CheckContent(header, source.end(), intake, invalid_rows));
    digest = intake.content().digest;
  }
  if (digest != settled.content.digest) {
    return BatchIdContentMismatchError(header.key, settled.content.digest, digest);
  }
  RETURN_IF_ERROR(CheckRowCount(kDeclaredRowCount, header.declared_row_count, settled_rows));
  return UploadReceipt{.batch = settled, .replayed = true};
}

absl::StatusOr<UploadReceipt> UploadBatch::Store(const UploadHeader& header, BatchWriter& writer,
                                                 RowSource& source, const Deadline& deadline) {
  BatchContent content;
  RowErrorSummary errors;
  const auto store = [&]() -> absl::StatusOr<BatchRecord> {
    ASSIGN_OR_RETURN(const auto tree, locations_->ReadTree(deadline));
    SeriesPipeline pipeline(&writer);
    BatchIntake intake(tree, &pipeline);
    absl::Status status = ReadAll(source, intake);
    const auto invalid_rows = intake.errors().empty()
                                  ? absl::OkStatus()
                                  : BatchHasInvalidRowsError(header.key, intake.errors().summary());
    if (status.ok()) status = CheckContent(header, source.end(), intake, invalid_rows);
    if (status.ok()) status = intake.Finish();
    // The writer is the pipeline's until here, whatever went wrong.
    status.Update(pipeline.Finish());
    content = intake.content();
    content.lane_count = pipeline.lane_count();
    errors = intake.errors().summary();
    RETURN_IF_ERROR(status);
    return writer.Commit(content, tree->version());
  };
  absl::StatusOr<BatchRecord> record = store();
  if (record.ok()) return UploadReceipt{.batch = *std::move(record)};
  if (content.lane_count == kLanesUncounted) content.lane_count = 0;
  // What became of the attempt is kept for GetBatch. The client learns why it failed either way.
  const bool cancelled = absl::IsCancelled(record.status());
  writer
      .End(cancelled ? BatchState::kCancelled : BatchState::kFailed, record.status(), content,
           errors)
      .IgnoreError();
  return record.status();
}

}  // namespace fairway::ingest
