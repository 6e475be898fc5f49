#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/rpc/server/call.h"
#include "libs/rpc/server/request_reads.h"

namespace fairway::rpc {

// A client stream of encoded messages. The first one is awaited without a thread; then one worker
// reads by blocking, with a deadline for each message, while gRPC receives the next. Two messages
// are in memory at most, and their memory is used again; a slow worker slows its client down by
// flow control.
//
// Messages are bytes, so that the caller sees when one cannot be parsed. gRPC would report it as
// the end of the stream, as it does a truncated message. The end of a stream therefore proves
// nothing, and every client stream of the contract marks its end in its messages.
//
// Owns itself: made in the service method, gone some time after End().
class InboundStream final : public grpc::ServerReadReactor<grpc::ByteBuffer>,
                            private RequestReads::Reader {
 public:
  // A message; nothing at the end of the stream.
  using Message = std::optional<absl::string_view>;
  // Gets the first message, valid until Next(), or what Next() returns instead. Called once, on a
  // thread of gRPC's: it must not block, and sees to it that End() is called.
  using OnFirst = std::function<void(InboundStream&, const absl::StatusOr<Message>&)>;

  struct Times {
    absl::Duration call_max;           // The service's own limit, whatever the client asks for.
    absl::Duration first_message_max;  // Until the first message is there.
  };

  // `reads`: where the first message waits until it may be received; later ones are received only
  // when they are asked for.
  InboundStream(const Method& method, grpc::CallbackServerContext* context, const Times& times,
                RequestReads& reads, OnFirst on_first);

  const Call& call() const { return call_; }
  // The client's address without its port: "ipv4:10.1.2.3".
  const std::string& peer() const { return peer_; }

  // The next message, valid until the next call. CANCELLED when the client disconnected;
  // DEADLINE_EXCEEDED when nothing came before `deadline`. Worker thread only.
  absl::StatusOr<Message> Next(absl::Time deadline);

  // Ends the call; the response must be filled. The stream must not be touched afterwards.
  void End(const absl::Status& status);

 private:
  void OnReadDone(bool ok) override;
  void OnSendInitialMetadataDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  void OnAlarm();
  void StartReading() override { StartRead(&received_); }
  void GiveUp(const absl::Status& why) override;
  void LeaveQueue();
  void Release();

  bool HasNews() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return cancelled_ || arrived_ || complete_;
  }
  // `otherwise`: what to report when nothing happened yet.
  void Announce(const absl::Status& otherwise);
  absl::StatusOr<Message> Take() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void StartNextRead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Call call_;
  const std::string peer_;
  const OnFirst on_first_;
  RequestReads& reads_;
  grpc::Alarm alarm_;
  std::atomic<int> users_ = 3;  // gRPC's call, the alarm, and reads_.
  std::mutex mutex_;
  std::condition_variable changed_;
  grpc::ByteBuffer received_;                       // gRPC's while reading_.
  std::vector<grpc::Slice> slices_;                 // Worker's.
  std::string message_;                             // Worker's; never shrinks.
  bool announced_ ABSL_GUARDED_BY(mutex_) = false;  // on_first_ was called, or is being called.
  bool reading_ ABSL_GUARDED_BY(mutex_) = true;
  bool arrived_ ABSL_GUARDED_BY(mutex_) = false;
  bool no_more_ ABSL_GUARDED_BY(mutex_) = false;
  bool complete_ ABSL_GUARDED_BY(mutex_) = false;  // All there is was read.
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace fairway::rpc
