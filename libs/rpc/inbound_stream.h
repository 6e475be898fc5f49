#pragma once

#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/support/server_callback.h>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/wait_until.h"
#include "libs/domain/errors.h"
#include "libs/rpc/arena_message.h"
#include "libs/rpc/call.h"

namespace fairway::rpc {

// A client stream that one worker thread reads by blocking, with a deadline for each message, while
// gRPC decodes the next one. Two messages are in memory at most, and their memory is used again; a
// slow worker slows its client down by flow control.
//
// gRPC reports the end of a stream and the loss of its client alike: a read that fails. To take the
// one for the other would commit half a batch, so the end counts only once the initial metadata
// could be sent: on a stream that was cancelled or lost, that fails, too. It reports a message that
// cannot be parsed in the same way; parsing clears a message first, so each is marked before it is
// read into, and one without its mark was no end.
//
// Owns itself: made in the service method, gone some time after Finish().
template <typename Request>
class InboundStream final : public grpc::ServerReadReactor<Request> {
 public:
  InboundStream(const Method& method, grpc::CallbackServerContext* context, absl::Duration time_max)
      : call_(method, context, time_max, std::stop_source()) {
    this->StartRead(NewMessage(0));
  }

  const Call& call() const { return call_; }

  // The next message, valid until the next call; null at the end of the stream. CANCELLED when the
  // client went away; DEADLINE_EXCEEDED when nothing came before `deadline`; INVALID_REQUEST when
  // what came is no Request. Worker thread only.
  absl::StatusOr<const Request*> Next(absl::Time deadline) {
    std::unique_lock lock(mutex_);
    if (handed_out_ >= 0) GiveBack();
    if (!WaitUntil(changed_, lock, deadline, [this] { return HasNews(); })) {
      return DeadlineExceededError();
    }
    if (cancelled_) return CancelledError();
    if (unreadable_) {
      return InvalidRequestError("message", "it cannot be parsed; is its text UTF-8?");
    }
    if (arrived_ < 0) return nullptr;
    handed_out_ = std::exchange(arrived_, -1);
    StartNextRead();
    return messages_[static_cast<size_t>(handed_out_)].get();
  }

  // Ends the call; the response must be filled. The stream must not be touched afterwards.
  void End(const absl::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    if (status.ok()) call_.method().metrics.MessageSent();
    this->Finish(call_.Finish(status));
  }

 private:
  void OnReadDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    const int read = std::exchange(reading_, -1);
    if (!ok) {
      no_more_ = true;
      unreadable_ = !IsMarked(*messages_[static_cast<size_t>(read)].get());
      if (!ended_) this->StartSendInitialMetadata();
      return;
    }
    call_.method().metrics.MessageReceived();
    arrived_ = read;
    changed_.notify_one();
    StartNextRead();
  }
  void OnSendInitialMetadataDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    ok ? complete_ = true : cancelled_ = true;
    changed_.notify_one();
  }
  void OnCancel() override {
    call_.Cancel();
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_one();
  }
  void OnDone() override { delete this; }

  bool HasNews() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return cancelled_ || arrived_ >= 0 || complete_;
  }
  void GiveBack() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    handed_out_ = -1;
    StartNextRead();
  }
  // Reads ahead by one: into the message the worker does not hold, once it holds the other.
  void StartNextRead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (reading_ >= 0 || arrived_ >= 0 || no_more_ || ended_) return;
    reading_ = handed_out_ == 0 ? 1 : 0;
    this->StartRead(NewMessage(reading_));
  }

  Request* NewMessage(int index) {
    Request* const message = messages_[static_cast<size_t>(index)].Renew();
    message->GetReflection()->MutableUnknownFields(message)->AddVarint(kMark, 0);
    return message;
  }
  static bool IsMarked(const Request& message) {
    return !message.GetReflection()->GetUnknownFields(message).empty();
  }

  static constexpr int kMark = 1;  // Any field number: nobody reads it.

  Call call_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<ArenaMessage<Request>, 2> messages_;
  int reading_ ABSL_GUARDED_BY(mutex_) = 0;  // Indices into messages_; -1: none.
  int arrived_ ABSL_GUARDED_BY(mutex_) = -1;
  int handed_out_ ABSL_GUARDED_BY(mutex_) = -1;
  bool no_more_ ABSL_GUARDED_BY(mutex_) = false;
  bool unreadable_ ABSL_GUARDED_BY(mutex_) = false;
  bool complete_ ABSL_GUARDED_BY(mutex_) = false;  // All there is was read.
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace fairway::rpc
