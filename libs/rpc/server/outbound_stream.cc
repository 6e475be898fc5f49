#include "libs/rpc/server/outbound_stream.h"

#include <utility>

#include "absl/time/clock.h"

#include "libs/domain/errors.h"
#include "libs/rpc/server/message_bytes.h"

namespace fairway::rpc {

OutboundStream::OutboundStream(const Method& method, Executor& executor,
                               grpc::CallbackServerContext* context, absl::Duration time_max,
                               Bell* bell, Maker make, OpenStreams* open, Executor* elsewhere)
    : context_(context),
      call_(method, context, time_max, std::stop_source()),
      executor_(&executor),
      elsewhere_(elsewhere),
      bell_(bell),
      open_(open),
      make_(std::move(make)) {
  call_.method().metrics.MessageReceived();
  if (open_ != nullptr && !open_->Enter(this, context->peer())) {
    End(
        OverloadedError("as many of these streams are open as this task takes on, or as it takes "
                        "on for one address or connection"));
    return;
  }
  if (bell_ != nullptr) subscription_ = bell_->Subscribe([this] { Wake(); });
  Continue();
}

void OutboundStream::OnWriteDone(bool ok) {
  pace_.WriteEnds(absl::Now());
  if (ok) call_.method().metrics.MessageSent();
  Continue();  // A stream that was lost finds out that it is cancelled.
}

void OutboundStream::OnCancel() {
  call_.Cancel();
  bool waited;
  {
    const std::lock_guard lock(mutex_);
    waited = executor_->Withdraw(place_) || std::exchange(parked_, false);
  }
  if (waited) End(WhyCancelled());
}

void OutboundStream::OnDone() {
  if (open_ != nullptr) open_->Leave(this);
  if (bell_ != nullptr) bell_->Unsubscribe(subscription_);
  delete this;
}

void OutboundStream::EndIfUnread(absl::Time since) {
  const absl::Time unread_since = pace_.unread_since();
  if (unread_since == absl::InfiniteFuture()) return;
  if (unread_since >= since && absl::Now() < call_.deadline().time()) return;
  CancelBecause("its client took no message for too long");
}

void OutboundStream::MakeRoom() {
  CancelBecause("another one needed its place, and its client read too slowly");
}

void OutboundStream::CancelBecause(const char* why) {
  why_cancelled_.store(why, std::memory_order_relaxed);
  context_->TryCancel();
}

void OutboundStream::Continue() {
  absl::Status submitted;
  {
    const std::lock_guard lock(mutex_);
    submitted = Submit();
  }
  if (!submitted.ok()) End(submitted);
}

absl::Status OutboundStream::Submit() {
  const absl::Status submitted = executor_->Submit([this] { Run(); }, sizeof(*this), place_);
  return absl::IsCancelled(submitted) ? WhyCancelled() : submitted;
}

void OutboundStream::Run() {
  { const std::lock_guard lock(mutex_); }
  if (call_.cancelled()) return End(WhyCancelled());
  if (absl::Now() >= call_.deadline().time()) return End(DeadlineExceededError());
  if (bell_ != nullptr && bell_->closed()) return End(DrainingError());
  grpc::Slice message;
  const absl::StatusOr<Step> step = make_(call_, message);
  if (!step.ok()) return End(step.status());
  switch (*step) {
    case Step::kMessage:
      return Send(message);
    case Step::kWait:
      return Park();
    case Step::kMove:
      return Move();
    case Step::kEnd:
      return End(absl::OkStatus());
  }
}

void OutboundStream::Send(const grpc::Slice& message) {
  PutMessage(message, bytes_);
  pace_.WriteStarts(absl::Now(), message.size());
  this->StartWrite(&bytes_);
}

void OutboundStream::Move() {
  {
    const std::lock_guard lock(mutex_);
    executor_ = elsewhere_;
  }
  Continue();
}

void OutboundStream::Park() {
  {
    const std::lock_guard lock(mutex_);
    parked_ = true;
    if (std::exchange(woken_, false)) WakeParked();
    if (!call_.cancelled() || !std::exchange(parked_, false)) return;
  }
  End(WhyCancelled());
}

void OutboundStream::Wake() {
  const std::lock_guard lock(mutex_);
  if (parked_) {
    WakeParked();
  } else {
    woken_ = true;
  }
}

absl::Status OutboundStream::WhyCancelled() const {
  const char* const why = why_cancelled_.load(std::memory_order_relaxed);
  return why == nullptr ? CancelledError() : absl::CancelledError(why);
}

}  // namespace fairway::rpc
