#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <utility>

#include "absl/time/clock.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/call.h"
#include "libs/rpc/executor.h"

namespace fairway::rpc {

// Runs a unary method at once, on gRPC's own thread: `handler(const Call&) -> absl::Status` must
// not wait for anything, nor compute for long.
template <typename Handler>
grpc::ServerUnaryReactor* RunUnaryAtOnce(const Method& method, grpc::CallbackServerContext* context,
                                         Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  Call call(method, context, limits::kUnaryDeadlineDefault);
  method.metrics.MessageReceived();
  const absl::Status status = handler(call);
  if (status.ok()) method.metrics.MessageSent();
  reactor->Finish(call.Finish(status));
  return reactor;
}

// Runs a unary method on `executor`: `handler(const Call&) -> absl::Status` may block, and fills
// the response it was bound to. A full executor is OVERLOADED at once; a call that was given up
// before its turn comes is not begun.
template <typename Handler>
grpc::ServerUnaryReactor* RunUnary(const Method& method, Executor& executor,
                                   grpc::CallbackServerContext* context, Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto call = std::make_shared<Call>(method, context, limits::kUnaryDeadlineDefault);
  method.metrics.MessageReceived();
  const auto run = [call, reactor, handler = std::move(handler)] {
    absl::Status status;
    if (call->cancelled()) {
      status = CancelledError();
    } else if (absl::Now() >= call->deadline().time()) {
      status = DeadlineExceededError();
    } else {
      status = handler(*call);
    }
    if (status.ok()) call->method().metrics.MessageSent();
    reactor->Finish(call->Finish(status));
  };
  if (!executor.TrySubmit(run)) {
    reactor->Finish(call->Finish(OverloadedError("too many calls are waiting")));
  }
  return reactor;
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
