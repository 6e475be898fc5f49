#include "services/ingest/upload_stream.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "services/ingest/converters.h"

namespace fairway::ingest {

absl::StatusOr<UploadHeader> UploadStream::ReadHeader() {
  ASSIGN_OR_RETURN(const v1::UploadBatchRequest* message, Read(limits::kUploadHeaderTimeMax));
  if (message == nullptr || !message->has_header()) {
    return InvalidRequestError("header", "the first message of an upload is its header");
  }
  return FromProto(message->header());
}

absl::StatusOr<const RawChunk*> UploadStream::Next() {
  ASSIGN_OR_RETURN(const v1::UploadBatchRequest* message, Read(limits::kUploadIdleTimeMax));
  if (message == nullptr) return nullptr;
  if (message->has_end()) {
    end_ = FromProto(message->end());
    RETURN_IF_ERROR(AwaitClose());
    return nullptr;
  }
  if (!message->has_chunk()) {
    return InvalidRequestError("chunk", "after the header come chunks and the end");
  }
  ASSIGN_OR_RETURN(chunk_, FromProto(message->chunk(), rows_));
  return &chunk_;
}

// Only a stream that was closed can bring no more rows: to commit before would drop them.
absl::Status UploadStream::AwaitClose() {
  ASSIGN_OR_RETURN(const v1::UploadBatchRequest* message, Read(limits::kUploadHeaderTimeMax));
  if (message == nullptr) return absl::OkStatus();
  return InvalidRequestError("end", "nothing may follow the end of an upload");
}

absl::StatusOr<const v1::UploadBatchRequest*> UploadStream::Read(absl::Duration idle_max) {
  const absl::Time idle_limit = absl::Now() + idle_max;
  const absl::Time deadline = std::min(inbound_->call().deadline().time(), idle_limit);
  absl::StatusOr<const v1::UploadBatchRequest*> message = inbound_->Next(deadline);
  if (message.ok() || !absl::IsDeadlineExceeded(message.status())) return message;
  return UploadTimedOutError(
      deadline == idle_limit ? absl::StrCat("nothing was sent for ", absl::FormatDuration(idle_max))
                             : "the upload took longer than its deadline, 30 minutes at most");
}

}  // namespace fairway::ingest
