#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <stop_token>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/server/call.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/message_bytes.h"

// Unary methods of a service. gRPC hands over their messages as bytes ("raw" methods): a request
// that cannot be read is answered and counted like any other that fails, one that would take too
// much memory is refused before it does, and a method may read and write its messages itself.
namespace fairway::rpc {

// What gRPC gives a raw unary method.
struct UnaryBytes {
  grpc::CallbackServerContext* context;
  const grpc::ByteBuffer* request;
  grpc::ByteBuffer* reply;
};

// Answers at once, on gRPC's own thread: `handler(const Call&) -> absl::StatusOr<grpc::Slice>` must
// not wait for anything, nor compute for long.
template <typename Handler>
grpc::ServerUnaryReactor* AnswerAtOnce(const Method& method, const UnaryBytes& bytes,
                                       Handler handler) {
  grpc::ServerUnaryReactor* reactor = bytes.context->DefaultReactor();
  Call call(method, bytes.context, limits::kUnaryDeadlineDefault);
  method.metrics.MessageReceived();
  const absl::StatusOr<grpc::Slice> reply = handler(std::as_const(call));
  if (reply.ok()) {
    PutMessage(*reply, *bytes.reply);
    method.metrics.MessageSent();
  }
  reactor->Finish(call.Finish(reply.status()));
  return reactor;
}

// A unary call that a thread of an executor works on. Owns itself.
template <typename Handler>
class UnaryOnExecutor final : public grpc::ServerUnaryReactor {
 public:
  UnaryOnExecutor(const Method& method, Executor& executor, const UnaryBytes& bytes,
                  Handler handler)
      : reply_(*bytes.reply),
        call_(method, bytes.context, limits::kUnaryDeadlineDefault, std::stop_source()),
        executor_(executor),
        handler_(std::move(handler)) {
    call_.method().metrics.MessageReceived();
    const absl::Status submitted =
        executor.Submit([this] { Run(); }, bytes.request->Length(), place_, bytes.context->peer());
    if (!submitted.ok()) End(submitted);
  }

 private:
  void OnCancel() override {
    call_.Cancel();
    if (executor_.Withdraw(place_)) End(CancelledError());
  }
  void OnDone() override { delete this; }

  void Run() {
    const absl::Status status = Answer();
    if (status.ok()) call_.method().metrics.MessageSent();
    End(status);
  }
  absl::Status Answer() {
    RETURN_IF_ERROR(call_.deadline().Check());
    ASSIGN_OR_RETURN(const grpc::Slice reply, handler_(std::as_const(call_)));
    PutMessage(reply, reply_);
    return absl::OkStatus();
  }
  void End(const absl::Status& status) { this->Finish(call_.Finish(status)); }

  grpc::ByteBuffer& reply_;
  Call call_;
  Executor& executor_;
  Executor::Place place_;
  Handler handler_;
};

// Answers on `executor`: `handler(const Call&) -> absl::StatusOr<grpc::Slice>` may block. A full
// executor is OVERLOADED at once; a call that is cancelled before its turn comes leaves the queue,
// and one that is cancelled later sees it by its deadline.
template <typename Handler>
grpc::ServerUnaryReactor* AnswerOn(Executor& executor, const Method& method,
                                   const UnaryBytes& bytes, Handler handler) {
  return new UnaryOnExecutor<Handler>(method, executor, bytes, std::move(handler));
}

// A unary method whose messages are protobuf's objects.
template <typename Request, typename Response>
struct UnaryMethod {
  explicit UnaryMethod(const Method& calls, std::vector<FieldBound> repeated_fields = {})
      : method(calls), bounds(std::move(repeated_fields)) {}

  const Method method;
  const std::vector<FieldBound> bounds;
};

// AnswerOn() for `handler(const Call&, const Request&, Response&) -> absl::Status`. Until its turn
// a request takes no more than its bytes.
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* RunUnary(const UnaryMethod<Request, Response>& method, Executor& executor,
                                   const UnaryBytes& bytes, Handler handler) {
  return AnswerOn(executor, method.method, bytes,
                  [&method, wire = bytes.request,
                   handler = std::move(handler)](const Call& call) -> absl::StatusOr<grpc::Slice> {
                    google::protobuf::Arena arena;
                    auto* request = google::protobuf::Arena::CreateMessage<Request>(&arena);
                    auto* response = google::protobuf::Arena::CreateMessage<Response>(&arena);
                    RETURN_IF_ERROR(ParseMessage(*wire, method.bounds, *request));
                    RETURN_IF_ERROR(handler(call, std::as_const(*request), *response));
                    return SerializeMessage(*response);
                  });
}

// Answers at once that the method is not of this release.
inline grpc::ServerUnaryReactor* RefuseUnary(const Method& method,
                                             grpc::CallbackServerContext* context) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  Call call(method, context, limits::kUnaryDeadlineDefault);
  reactor->Finish(call.Finish(NotImplementedError(method.name)));
  return reactor;
}

}  // namespace fairway::rpc
