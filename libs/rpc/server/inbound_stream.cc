#include "libs/rpc/server/inbound_stream.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

#include "libs/base/wait_until.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/peer.h"

namespace fairway::rpc {

InboundStream::InboundStream(const Method& method, grpc::CallbackServerContext* context,
                             const Times& times, RequestReads& reads, OnFirst on_first)
    : call_(method, context, times.call_max, std::stop_source()),
      peer_(AddressOf(context->peer())),
      on_first_(std::move(on_first)),
      reads_(reads) {
  const absl::Time first = std::min(absl::Now() + times.first_message_max, call_.deadline().time());
  alarm_.Set(absl::ToChronoTime(first), [this](bool) { OnAlarm(); });
  reads_.Enter(*this, context->peer());
}

absl::StatusOr<InboundStream::Message> InboundStream::Next(absl::Time deadline) {
  std::unique_lock lock(mutex_);
  StartNextRead();
  if (!WaitUntil(changed_, lock, deadline, [this] { return HasNews(); })) {
    return DeadlineExceededError();
  }
  absl::StatusOr<Message> message = Take();
  StartNextRead();
  return message;
}

void InboundStream::End(const absl::Status& status) {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  if (status.ok()) call_.method().metrics.MessageSent();
  Finish(call_.Finish(status));
}

void InboundStream::OnReadDone(bool ok) {
  if (reads_.Leave(*this)) Release();
  {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    if (ok) {
      call_.method().metrics.MessageReceived();
      arrived_ = true;
    } else {
      no_more_ = true;
      // On a stream that was cancelled or lost this fails, too, which names the reason.
      if (!ended_) StartSendInitialMetadata();
      return;
    }
    changed_.notify_one();
  }
  Announce(DeadlineExceededError());
}

void InboundStream::OnSendInitialMetadataDone(bool ok) {
  {
    const std::lock_guard lock(mutex_);
    (ok ? complete_ : cancelled_) = true;
    changed_.notify_one();
  }
  Announce(DeadlineExceededError());
}

void InboundStream::OnCancel() {
  call_.Cancel();
  LeaveQueue();
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_one();
  }
  Announce(DeadlineExceededError());
}

void InboundStream::OnAlarm() {
  LeaveQueue();
  Announce(DeadlineExceededError());
  Release();
}

void InboundStream::GiveUp(const absl::Status& why) {
  Announce(why);
  Release();
}

// Before the call may end, behind which no reading may start.
void InboundStream::LeaveQueue() {
  if (reads_.LeaveQueue(*this)) Release();
}

void InboundStream::OnDone() {
  alarm_.Cancel();
  Release();
}

void InboundStream::Release() {
  if (users_.fetch_sub(1) == 1) delete this;
}

// Reports the first thing that happened. No other thread takes messages before that.
void InboundStream::Announce(const absl::Status& otherwise) {
  absl::StatusOr<Message> first = otherwise;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(announced_, true)) return;
    if (HasNews()) first = Take();
  }
  on_first_(*this, first);
}

absl::StatusOr<InboundStream::Message> InboundStream::Take() {
  if (cancelled_) return CancelledError();
  if (!std::exchange(arrived_, false)) return std::nullopt;
  if (!received_.Dump(&slices_).ok()) return absl::InternalError("a message cannot be read");
  size_t size = 0;
  if (message_.size() < received_.Length()) message_.resize(received_.Length());
  for (const grpc::Slice& slice : slices_) {
    std::copy(slice.begin(), slice.end(), reinterpret_cast<uint8_t*>(message_.data()) + size);
    size += slice.size();
  }
  slices_.clear();
  received_.Clear();
  return absl::string_view(message_.data(), size);
}

void InboundStream::StartNextRead() {
  if (reading_ || arrived_ || no_more_ || ended_) return;
  reading_ = true;
  StartRead(&received_);
}

}  // namespace fairway::rpc
