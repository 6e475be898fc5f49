#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"

#include "libs/domain/errors.h"
#include "libs/rpc/bell.h"
#include "libs/rpc/call.h"
#include "libs/rpc/executor.h"

namespace fairway::rpc {

// What the maker of a stream's messages did.
enum class Step {
  kMessage,  // It filled one.
  kWait,     // There is nothing now; ask again when the bell rings.
  kEnd,      // There is nothing more.
};

// A server stream whose messages are made one at a time, on an executor, each when the client has
// taken the one before: a slow client costs one message and no thread.
//
// Owns itself: made in the service method, gone when the call is over.
template <typename Response>
class OutboundStream final : public grpc::ServerWriteReactor<Response> {
 public:
  // Fills the message, which is empty. Never called twice at a time.
  using Maker = std::function<absl::StatusOr<Step>(const Call& call, Response& message)>;

  // `bell`: for makers that wait; ends the stream with DRAINING when it is closed.
  OutboundStream(const Method& method, Executor& executor, grpc::CallbackServerContext* context,
                 absl::Duration time_max, Bell* bell, Maker make)
      : call_(method, context, time_max, std::stop_source()),
        executor_(executor),
        bell_(bell),
        make_(std::move(make)) {
    call_.method().metrics.MessageReceived();
    if (bell_ != nullptr) subscription_ = bell_->Subscribe([this] { Wake(); });
    Continue();
  }

 private:
  void OnWriteDone(bool ok) override {
    handed_over_.exchange(false, std::memory_order_acquire);
    if (ok) call_.method().metrics.MessageSent();
    Continue();  // A stream that was lost finds out that it is cancelled.
  }
  void OnCancel() override {
    call_.Cancel();
    if (TakeParked()) End(CancelledError());
  }
  void OnDone() override {
    if (bell_ != nullptr) bell_->Unsubscribe(subscription_);
    delete this;
  }

  void Continue() {
    if (!executor_.TrySubmit([this] { Run(); })) End(OverloadedError("too many calls are waiting"));
  }

  void Run() {
    if (call_.cancelled()) return End(CancelledError());
    if (absl::Now() >= call_.deadline().time()) return End(DeadlineExceededError());
    if (bell_ != nullptr && bell_->closed()) return End(DrainingError());
    message_.Clear();
    const absl::StatusOr<Step> step = make_(call_, message_);
    if (!step.ok()) return End(step.status());
    switch (*step) {
      case Step::kMessage:
        handed_over_.store(true, std::memory_order_release);
        return this->StartWrite(&message_);
      case Step::kWait:
        return Park();
      case Step::kEnd:
        return End(absl::OkStatus());
    }
  }

  void Park() {
    {
      const std::lock_guard lock(mutex_);
      parked_ = !std::exchange(woken_, false);
      if (parked_) return;
    }
    Continue();
  }
  // Called by the bell, which must not see the stream end meanwhile: where the executor is full the
  // stream goes on waiting.
  void Wake() {
    if (!TakeParked() || executor_.TrySubmit([this] { Run(); })) return;
    const std::lock_guard lock(mutex_);
    parked_ = true;
  }
  // False while it does not wait; it will ask again before it does.
  bool TakeParked() {
    const std::lock_guard lock(mutex_);
    woken_ = !parked_;
    return std::exchange(parked_, false);
  }

  void End(const absl::Status& status) { this->Finish(call_.Finish(status)); }

  Call call_;
  Executor& executor_;
  Bell* const bell_;
  const Maker make_;
  int64_t subscription_ = 0;
  Response message_;
  // Makes visible to ThreadSanitizer that gRPC hands the message over from thread to thread.
  std::atomic<bool> handed_over_ = false;
  std::mutex mutex_;
  bool parked_ = false;  // Waits to be woken.
  bool woken_ = false;   // Was, while it did not wait.
};

}  // namespace fairway::rpc
