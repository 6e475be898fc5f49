#include "services/ingest/upload_stream.h"

#include <algorithm>

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "services/ingest/converters.h"

namespace fairway::ingest {

absl::StatusOr<UploadHeader> UploadStream::ReadHeader() {
  ASSIGN_OR_RETURN(const v1::UploadBatchRequest* message, Read());
  if (message == nullptr || !message->has_header()) {
    return InvalidRequestError("header", "the first message of an upload is its header");
  }
  return FromProto(message->header());
}

absl::StatusOr<const RawChunk*> UploadStream::Next() {
  ASSIGN_OR_RETURN(const v1::UploadBatchRequest* message, Read());
  if (message == nullptr) return nullptr;
  if (!message->has_chunk()) {
    return InvalidRequestError("chunk", "after the header come chunks, and nothing else");
  }
  ASSIGN_OR_RETURN(chunk_, FromProto(message->chunk(), rows_));
  return &chunk_;
}

absl::StatusOr<const v1::UploadBatchRequest*> UploadStream::Read() {
  const absl::Time idle_limit = absl::Now() + limits::kUploadIdleTimeMax;
  const absl::Time deadline = std::min(inbound_->call().deadline().time(), idle_limit);
  absl::StatusOr<const v1::UploadBatchRequest*> message = inbound_->Next(deadline);
  if (message.ok() || !absl::IsDeadlineExceeded(message.status())) return message;
  return UploadTimedOutError(deadline == idle_limit
                                 ? "nothing was sent for two minutes"
                                 : "the upload took longer than its deadline, 30 minutes at most");
}

}  // namespace fairway::ingest
