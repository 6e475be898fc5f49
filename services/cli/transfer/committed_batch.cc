#include "services/cli/transfer/committed_batch.h"

#include <iostream>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::cli {
namespace {

BatchKey KeyOf(const v1::BatchHeader& header) {
  return {.partner = header.partner(), .batch_id = header.batch_id()};
}

// The batch that has the id, if any. BATCH_REVERTED; BATCH_ID_CONTENT_MISMATCH when it is committed
// and `header` declares another digest.
absl::StatusOr<std::optional<v1::Batch>> FindBatch(Session& session,
                                                   const v1::BatchHeader& header) {
  v1::GetBatchRequest request;
  request.set_partner(header.partner());
  request.set_batch_id(header.batch_id());
  absl::StatusOr<v1::GetBatchResponse> found = session.Call(&IngestStub::GetBatch, request);
  if (absl::IsNotFound(found.status())) return std::nullopt;
  RETURN_IF_ERROR(found.status());
  v1::Batch& batch = *found->mutable_batch();
  if (batch.state() == v1::BATCH_STATE_REVERTED) return BatchRevertedError(KeyOf(header));
  const bool is_other =
      !header.declared_digest().empty() && batch.digest() != header.declared_digest();
  if (batch.state() == v1::BATCH_STATE_COMMITTED && is_other) {
    return BatchIdContentMismatchError(KeyOf(header), batch.digest(), header.declared_digest());
  }
  return std::move(batch);
}

}  // namespace

absl::StatusOr<std::optional<v1::UploadBatchResponse>> FindReceipt(Session& session,
                                                                   const v1::BatchHeader& header) {
  ASSIGN_OR_RETURN(std::optional<v1::Batch> batch, FindBatch(session, header));
  if (!batch || batch->state() != v1::BATCH_STATE_COMMITTED) return std::nullopt;
  // The service refuses another row count, with its own words.
  if (header.declared_row_count() > 0 && header.declared_row_count() != batch->row_count()) {
    return std::nullopt;
  }
  v1::UploadBatchResponse receipt;
  *receipt.mutable_batch() = *std::move(batch);
  receipt.set_replayed(true);
  return receipt;
}

absl::Status CheckCanCommit(Session& session, const v1::BatchHeader& header) {
  ASSIGN_OR_RETURN(const std::optional<v1::Batch> batch, FindBatch(session, header));
  if (!batch || batch->state() != v1::BATCH_STATE_RECEIVING) return absl::OkStatus();
  return BatchInProgressError(KeyOf(header));
}

void WarnOfSameContent(Session& session, const v1::Batch& batch) {
  v1::ListBatchesRequest request;
  request.set_partner(batch.partner());
  request.add_states(v1::BATCH_STATE_COMMITTED);
  request.set_page_size(limits::kPageSizeMax);
  const absl::StatusOr<v1::ListBatchesResponse> response =
      session.Call(&IngestStub::ListBatches, request);
  if (!response.ok()) return;
  for (const v1::Batch& other : response->batches()) {
    if (other.digest() != batch.digest() || other.batch_id() == batch.batch_id()) continue;
    std::cerr << "warning: the same prices are committed as " << other.partner() << "/"
              << other.batch_id() << ", too: each price counts twice now\n";
    return;
  }
}

}  // namespace fairway::cli
