#include "services/ingest/upload_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "services/ingest/upload_message.h"

namespace fairway::ingest {
namespace {

// How often an upload without progress looks whether its place is wanted.
constexpr absl::Duration kLookInterval = absl::Seconds(1);

}  // namespace

UploadStream::UploadStream(MessageSource* messages, const Clock* clock, const Deadline& deadline,
                           std::function<bool()> must_yield)
    : messages_(messages), clock_(clock), deadline_(deadline), must_yield_(std::move(must_yield)) {}

absl::StatusOr<const RawBlock*> UploadStream::Next() {
  while (true) {
    if (in_chunk_) {
      ASSIGN_OR_RETURN(const RawBlock* block, decoder_.Next());
      if (block != nullptr) {
        made_progress_ = true;
        return block;
      }
      in_chunk_ = false;
    }
    ASSIGN_OR_RETURN(const Message message, Read(limits::kUploadIdleTimeMax));
    if (!message) return nullptr;
    ASSIGN_OR_RETURN(const bool more, Begin(*message));
    if (!more) return nullptr;
  }
}

absl::StatusOr<bool> UploadStream::Begin(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const UploadMessage message, ReadUploadMessage(bytes));
  switch (message.part) {
    case UploadPart::kHeader:
      return InvalidRequestError("header", "only the first message of an upload is its header");
    case UploadPart::kChunk:
      RETURN_IF_ERROR(decoder_.Begin(message.bytes));
      in_chunk_ = true;
      return true;
    case UploadPart::kEnd:
      break;
  }
  ASSIGN_OR_RETURN(end_, ReadUploadEnd(message.bytes));
  RETURN_IF_ERROR(AwaitClose());
  return false;
}

// Only a stream that was closed can bring no more rows: to commit before would drop them.
absl::Status UploadStream::AwaitClose() {
  made_progress_ = true;
  ASSIGN_OR_RETURN(const Message message, Read(limits::kUploadHeaderTimeMax));
  if (!message) return absl::OkStatus();
  return InvalidRequestError("end", "nothing may follow the end of an upload");
}

absl::StatusOr<UploadStream::Message> UploadStream::Read(absl::Duration idle_max) {
  if (std::exchange(made_progress_, false)) idle_since_ = clock_->Now();
  const absl::Time idle_limit = idle_since_ + idle_max;
  absl::StatusOr<Message> message = ReadBefore(std::min(idle_limit, deadline_.time()));
  if (message.ok() || !absl::IsDeadlineExceeded(message.status())) return message;
  return UploadTimedOutError(
      idle_limit <= deadline_.time()
          ? absl::StrCat("no rows were sent for ", absl::FormatDuration(idle_max))
          : "the upload took longer than its deadline, 30 minutes at most");
}

absl::StatusOr<UploadStream::Message> UploadStream::ReadBefore(absl::Time limit) {
  while (true) {
    const absl::Time now = clock_->Now();
    if (now >= limit) return DeadlineExceededError();
    absl::Time look = idle_since_ + limits::kUploadHeaderTimeMax;
    if (now >= look) {
      if (must_yield_()) {
        return OverloadedError("this upload sent no rows while others waited for its place");
      }
      look = now + kLookInterval;
    }
    absl::StatusOr<Message> message = messages_->Next(std::min(look, limit));
    if (message.ok() || !absl::IsDeadlineExceeded(message.status())) return message;
  }
}

}  // namespace fairway::ingest
