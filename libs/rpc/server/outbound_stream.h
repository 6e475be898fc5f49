#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"

#include "libs/domain/errors.h"
#include "libs/rpc/server/bell.h"
#include "libs/rpc/server/call.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/open_streams.h"
#include "libs/rpc/server/reading_pace.h"
#include "libs/rpc/server/unary_messages.h"

namespace fairway::rpc {

// What the maker of a stream's messages did.
enum class Step {
  kMessage,  // It filled one.
  kWait,     // There is nothing now; ask again when the bell rings.
  kMove,     // What comes next is for the other executor; ask again there.
  kEnd,      // There is nothing more.
};

// A server stream of a raw method (see UnaryMethod) whose messages are made one at a time, on an
// executor, each when the client has taken the one before: a slow client costs one message and no
// thread.
//
// Owns itself: made in the service method, gone when the call is over.
template <typename Response>
class OutboundStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                             private OpenStreams::Stream {
 public:
  // Fills the message, which is empty. Never called twice at a time.
  using Maker = std::function<absl::StatusOr<Step>(const Call& call, Response& message)>;

  // `bell`: for makers that wait; ends the stream with DRAINING when it is closed. `open`: the
  // streams it is one of; OVERLOADED when there is no place among them. `elsewhere`: where kMove
  // leads.
  OutboundStream(const Method& method, Executor& executor, grpc::CallbackServerContext* context,
                 absl::Duration time_max, Bell* bell, Maker make, OpenStreams* open = nullptr,
                 Executor* elsewhere = nullptr)
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

 private:
  void OnWriteDone(bool ok) override {
    pace_.WriteEnds(absl::Now());
    if (ok) call_.method().metrics.MessageSent();
    Continue();  // A stream that was lost finds out that it is cancelled.
  }
  void OnCancel() override {
    call_.Cancel();
    bool waited;
    {
      const std::lock_guard lock(mutex_);
      waited = executor_->Withdraw(place_) || std::exchange(parked_, false);
    }
    if (waited) End(WhyCancelled());
  }
  void OnDone() override {
    if (open_ != nullptr) open_->Leave(this);
    if (bell_ != nullptr) bell_->Unsubscribe(subscription_);
    delete this;
  }
  // gRPC runs reactions on threads of its own, so none of them is run from here.
  void EndIfUnread(absl::Time since) override {
    const absl::Time unread_since = pace_.unread_since();
    if (unread_since == absl::InfiniteFuture()) return;
    if (unread_since >= since && absl::Now() < call_.deadline().time()) return;
    CancelBecause("its client took no message for too long");
  }
  absl::Duration BehindAt(absl::Time now) const override { return pace_.BehindAt(now); }
  void MakeRoom() override {
    CancelBecause("another one needed its place, and its client read too slowly");
  }
  // A message is on its way, behind which no status would arrive.
  void CancelBecause(const char* why) {
    why_cancelled_.store(why, std::memory_order_relaxed);
    context_->TryCancel();
  }

  void Continue() {
    absl::Status submitted;
    {
      const std::lock_guard lock(mutex_);
      submitted = Submit();
    }
    if (!submitted.ok()) End(submitted);
  }
  // With mutex_ held, for which Run() waits: the submitting thread is done with the stream before
  // it can be over.
  absl::Status Submit() {
    return executor_->Submit([this] { Run(); }, sizeof(*this), place_);
  }

  void Run() {
    { const std::lock_guard lock(mutex_); }
    if (call_.cancelled()) return End(WhyCancelled());
    if (absl::Now() >= call_.deadline().time()) return End(DeadlineExceededError());
    if (bell_ != nullptr && bell_->closed()) return End(DrainingError());
    message_.Clear();
    const absl::StatusOr<Step> step = make_(call_, message_);
    if (!step.ok()) return End(step.status());
    switch (*step) {
      case Step::kMessage:
        SerializeMessage(message_, bytes_);
        pace_.WriteStarts(absl::Now(), bytes_.Length());
        return this->StartWrite(&bytes_);
      case Step::kWait:
        return Park();
      case Step::kMove:
        return Move();
      case Step::kEnd:
        return End(absl::OkStatus());
    }
  }

  void Move() {
    {
      const std::lock_guard lock(mutex_);
      executor_ = elsewhere_;
    }
    Continue();
  }
  void Park() {
    {
      const std::lock_guard lock(mutex_);
      parked_ = true;
      if (std::exchange(woken_, false)) WakeParked();
      if (!call_.cancelled() || !std::exchange(parked_, false)) return;
    }
    End(WhyCancelled());
  }
  void Wake() {
    const std::lock_guard lock(mutex_);
    if (parked_) {
      WakeParked();
    } else {
      woken_ = true;
    }
  }
  // With mutex_ held. Where the executor is full the stream goes on waiting.
  void WakeParked() { parked_ = !Submit().ok(); }

  absl::Status WhyCancelled() const {
    const char* const why = why_cancelled_.load(std::memory_order_relaxed);
    return why == nullptr ? CancelledError() : absl::CancelledError(why);
  }
  void End(const absl::Status& status) { this->Finish(call_.Finish(status)); }

  grpc::CallbackServerContext* const context_;
  Call call_;
  Executor* executor_;  // Guarded by mutex_.
  Executor* const elsewhere_;
  Bell* const bell_;
  OpenStreams* const open_;
  const Maker make_;
  int64_t subscription_ = 0;
  Response message_;
  grpc::ByteBuffer bytes_;
  ReadingPace pace_;
  std::atomic<const char*> why_cancelled_ = nullptr;  // By the service.
  Executor::Place place_;
  std::mutex mutex_;
  bool parked_ = false;  // Waits to be woken.
  bool woken_ = false;   // Was, while it did not wait.
};

}  // namespace fairway::rpc
