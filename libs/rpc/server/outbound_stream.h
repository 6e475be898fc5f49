#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/slice.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/rpc/server/bell.h"
#include "libs/rpc/server/call.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/open_streams.h"
#include "libs/rpc/server/reading_pace.h"

namespace fairway::rpc {

// What the maker of a stream's messages did.
enum class Step {
  kMessage,  // It made one.
  kWait,     // There is nothing now; ask again when the bell rings.
  kMove,     // What comes next is for the other executor; ask again there.
  kEnd,      // There is nothing more.
};

// A server stream of a raw method (see unary.h) whose messages are made one at a time, on an
// executor, each when the client has taken the one before: a slow client costs one message and no
// thread.
//
// Owns itself: made in the service method, gone when the call is over.
class OutboundStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                             private OpenStreams::Stream {
 public:
  // Sets the message where there is one. Never called twice at a time.
  using Maker = std::function<absl::StatusOr<Step>(const Call& call, grpc::Slice& message)>;

  // `bell`: for makers that wait; ends the stream with DRAINING when it is closed. `open`: the
  // streams it is one of; OVERLOADED when there is no place among them. `elsewhere`: where kMove
  // leads.
  OutboundStream(const Method& method, Executor& executor, grpc::CallbackServerContext* context,
                 absl::Duration time_max, Bell* bell, Maker make, OpenStreams* open = nullptr,
                 Executor* elsewhere = nullptr);

 private:
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  // gRPC runs reactions on threads of its own, so none of them is run from here.
  void EndIfUnread(absl::Time since) override;
  absl::Duration BehindAt(absl::Time now) const override { return pace_.BehindAt(now); }
  void MakeRoom() override;
  // A message is on its way, behind which no status would arrive.
  void CancelBecause(const char* why);

  void Continue();
  // With mutex_ held, for which Run() waits: the submitting thread is done with the stream before
  // it can be over.
  absl::Status Submit();
  void Run();
  void Send(const grpc::Slice& message);
  void Move();
  void Park();
  void Wake();
  // With mutex_ held. Where the executor is full the stream goes on waiting.
  void WakeParked() { parked_ = !Submit().ok(); }

  absl::Status WhyCancelled() const;
  void End(const absl::Status& status) { this->Finish(call_.Finish(status)); }

  grpc::CallbackServerContext* const context_;
  Call call_;
  Executor* executor_;  // Guarded by mutex_.
  Executor* const elsewhere_;
  Bell* const bell_;
  OpenStreams* const open_;
  const Maker make_;
  int64_t subscription_ = 0;
  grpc::ByteBuffer bytes_;
  ReadingPace pace_;
  std::atomic<const char*> why_cancelled_ = nullptr;  // By the service.
  Executor::Place place_;
  std::mutex mutex_;
  bool parked_ = false;  // Waits to be woken.
  bool woken_ = false;   // Was, while it did not wait.
};

}  // namespace fairway::rpc
