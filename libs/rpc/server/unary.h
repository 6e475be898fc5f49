#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <stop_token>
#include <utility>
#include <vector>

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/server/call.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/unary_messages.h"

namespace fairway::rpc {

// A unary method of a service. gRPC hands over its messages as bytes (a "raw" method): a request
// that cannot be read is answered and counted like any other that fails, and one that would take
// too much memory is refused before it does.
template <typename Request, typename Response>
struct UnaryMethod {
  explicit UnaryMethod(const Method& calls, std::vector<FieldBound> repeated_fields = {})
      : method(calls), bounds(std::move(repeated_fields)) {}

  const Method method;
  const std::vector<FieldBound> bounds;
  UnaryMessagePool<Request, Response> messages;
};

// What gRPC gives a raw unary method.
struct UnaryBytes {
  grpc::CallbackServerContext* context;
  const grpc::ByteBuffer* request;
  grpc::ByteBuffer* reply;
};

template <typename Request, typename Response>
using UnaryLease = typename UnaryMessagePool<Request, Response>::Lease;

// Answers at once, on gRPC's own thread: `handler(const Call&, const Request&, Response&) ->
// absl::Status` must not wait for anything, nor compute for long. `messages` hold the request.
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* RunUnaryAtOnce(const UnaryMethod<Request, Response>& method,
                                         const UnaryBytes& bytes,
                                         UnaryLease<Request, Response> messages, Handler handler) {
  grpc::ServerUnaryReactor* reactor = bytes.context->DefaultReactor();
  Call call(method.method, bytes.context, limits::kUnaryDeadlineDefault);
  call.method().metrics.MessageReceived();
  const absl::Status status = handler(call, messages->request(), messages->response());
  if (status.ok()) {
    SerializeMessage(messages->response(), *bytes.reply);
    call.method().metrics.MessageSent();
  }
  reactor->Finish(call.Finish(status));
  return reactor;
}

// A unary call that a thread of an executor works on. Owns itself.
template <typename Request, typename Response, typename Handler>
class UnaryOnExecutor final : public grpc::ServerUnaryReactor {
 public:
  // `messages`: null when the request is still to be read.
  UnaryOnExecutor(UnaryMethod<Request, Response>& method, Executor& executor,
                  const UnaryBytes& bytes, UnaryLease<Request, Response> messages, Handler handler)
      : method_(method),
        bytes_(bytes),
        messages_(std::move(messages)),
        call_(method.method, bytes.context, limits::kUnaryDeadlineDefault, std::stop_source()),
        executor_(executor),
        handler_(std::move(handler)) {
    call_.method().metrics.MessageReceived();
    const absl::Status submitted =
        executor.Submit([this] { Run(); }, bytes.request->Length(), place_);
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
    if (messages_ == nullptr) {
      messages_ = method_.messages.Take();
      RETURN_IF_ERROR(ParseMessage(*bytes_.request, method_.bounds, messages_->request()));
    }
    RETURN_IF_ERROR(handler_(call_, std::as_const(*messages_).request(), messages_->response()));
    SerializeMessage(messages_->response(), *bytes_.reply);
    return absl::OkStatus();
  }
  void End(const absl::Status& status) { this->Finish(call_.Finish(status)); }

  UnaryMethod<Request, Response>& method_;
  const UnaryBytes bytes_;
  UnaryLease<Request, Response> messages_;
  Call call_;
  Executor& executor_;
  Executor::Place place_;
  Handler handler_;
};

// Answers on `executor`: `handler(const Call&, const Request&, Response&) -> absl::Status` may
// block. A full executor is OVERLOADED at once; a call that is cancelled before its turn comes
// leaves the queue, and one that is cancelled later sees it by its deadline. `messages` hold the
// request, if it was read already; until its turn it takes no more than its bytes.
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* RunUnary(UnaryMethod<Request, Response>& method, Executor& executor,
                                   const UnaryBytes& bytes, Handler handler,
                                   UnaryLease<Request, Response> messages = {}) {
  return new UnaryOnExecutor<Request, Response, Handler>(method, executor, bytes,
                                                         std::move(messages), std::move(handler));
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
