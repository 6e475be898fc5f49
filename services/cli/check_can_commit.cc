#include "services/cli/check_can_commit.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/status.h"

namespace fairway::cli {

absl::Status CheckCanCommit(Session& session, const v1::BatchHeader& header) {
  const BatchKey key = {.partner = header.partner(), .batch_id = header.batch_id()};
  v1::GetBatchRequest request;
  request.set_partner(key.partner);
  request.set_batch_id(key.batch_id);
  v1::GetBatchResponse found;
  const absl::Status status =
      rpc::FromGrpcStatus(session.ingest().GetBatch(session.NewContext().get(), request, &found));
  if (absl::IsNotFound(status)) return absl::OkStatus();
  RETURN_IF_ERROR(status);
  const v1::Batch& batch = found.batch();
  if (batch.state() == v1::BATCH_STATE_REVERTED) return BatchRevertedError(key);
  if (batch.state() == v1::BATCH_STATE_RECEIVING) return BatchInProgressError(key);
  const bool is_other = batch.digest() != header.declared_digest();
  return batch.state() == v1::BATCH_STATE_COMMITTED && is_other
             ? BatchIdContentMismatchError(key, batch.digest(), header.declared_digest())
             : absl::OkStatus();
}

}  // namespace fairway::cli
