#include "services/ingest/upload_stream.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "services/ingest/upload_message.h"

namespace fairway::ingest {
namespace {

// How often an upload that is too slow looks whether its place is wanted.
constexpr absl::Duration kLookInterval = absl::Seconds(1);

int64_t RowCount(const RawBlock& block) {
  if (const auto* rows = std::get_if<RawRows>(&block)) return static_cast<int64_t>(rows->size());
  if (const auto* columns = std::get_if<RawColumns>(&block)) {
    return static_cast<int64_t>(columns->prices.size());
  }
  return 1;
}

absl::Status YieldError() {
  return OverloadedError(absl::StrCat("this upload sent fewer than ",
                                      limits::kUploadRowsPerSecondMin,
                                      " rows a second while others waited for its place"));
}

}  // namespace

UploadStream::UploadStream(MessageSource* messages, const Clock* clock, const Deadline& deadline,
                           std::function<bool()> must_yield)
    : messages_(messages), clock_(clock), deadline_(deadline), must_yield_(std::move(must_yield)) {}

absl::StatusOr<const RawBlock*> UploadStream::Next() {
  charged_until_ = clock_->Now();
  ASSIGN_OR_RETURN(const RawBlock* block, NextBlock());
  if (block == nullptr) return block;
  Charge();
  credit_.Earn(RowCount(*block));
  made_progress_ = true;
  return block;
}

absl::StatusOr<const RawBlock*> UploadStream::NextBlock() {
  while (true) {
    if (in_chunk_) {
      ASSIGN_OR_RETURN(const RawBlock* block, decoder_.Next());
      if (block != nullptr) return block;
      in_chunk_ = false;
    }
    ASSIGN_OR_RETURN(const Message message, Read(limits::kUploadIdleTimeMax));
    if (!message) return nullptr;
    ASSIGN_OR_RETURN(const bool more, Begin(*message));
    if (!more) return nullptr;
  }
}

absl::StatusOr<bool> UploadStream::Begin(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const UploadMessage message, ParseUploadMessage(bytes));
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
  ASSIGN_OR_RETURN(end_, ParseEncodedEnd(message.bytes));
  RETURN_IF_ERROR(AwaitClose());
  return false;
}

// Only a stream that was closed can bring no more rows: to commit before would drop them.
absl::Status UploadStream::AwaitClose() {
  made_progress_ = true;
  Charge();
  credit_.Earn(limits::kUploadRowsPerSecondMin);  // The close is on its way.
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
          : absl::StrCat("the upload took longer than its deadline, ",
                         absl::FormatDuration(limits::kUploadTimeMax), " at most"));
}

absl::StatusOr<UploadStream::Message> UploadStream::ReadBefore(absl::Time limit) {
  while (true) {
    const absl::Time now = Charge();
    if (now >= limit) return DeadlineExceededError();
    absl::Time look = now + credit_.left();
    if (look == now) {
      if (now >= next_look_) {
        if (must_yield_()) return YieldError();
        next_look_ = now + kLookInterval;
      }
      look = next_look_;
    }
    absl::StatusOr<Message> message = messages_->Next(std::min(look, limit));
    if (message.ok() || !absl::IsDeadlineExceeded(message.status())) return message;
  }
}

absl::Time UploadStream::Charge() {
  const absl::Time now = clock_->Now();
  credit_.Spend(now - charged_until_);
  charged_until_ = now;
  return now;
}

}  // namespace fairway::ingest
