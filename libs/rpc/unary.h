#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <stop_token>
#include <utility>

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

// A unary call that a thread of an executor works on. Owns itself.
template <typename Handler>
class UnaryOnExecutor final : public grpc::ServerUnaryReactor {
 public:
  UnaryOnExecutor(const Method& method, Executor& executor, grpc::CallbackServerContext* context,
                  Handler handler, size_t bytes)
      : call_(method, context, limits::kUnaryDeadlineDefault, std::stop_source()),
        executor_(executor),
        handler_(std::move(handler)) {
    method.metrics.MessageReceived();
    const absl::Status submitted = executor.Submit([this] { Run(); }, bytes, place_);
    if (!submitted.ok()) End(submitted);
  }

 private:
  void OnCancel() override {
    call_.Cancel();
    if (executor_.Withdraw(place_)) End(CancelledError());
  }
  void OnDone() override { delete this; }

  void Run() {
    absl::Status status = call_.deadline().Check();
    if (status.ok()) status = handler_(call_);
    if (status.ok()) call_.method().metrics.MessageSent();
    End(status);
  }
  void End(const absl::Status& status) { this->Finish(call_.Finish(status)); }

  Call call_;
  Executor& executor_;
  Executor::Place place_;
  Handler handler_;
};

// Runs a unary method on `executor`: `handler(const Call&) -> absl::Status` may block, and fills
// the response it was bound to. `bytes`: what the request takes while it waits. A full executor is
// OVERLOADED at once; a call that is given up before its turn comes leaves the queue, and one that
// is given up later sees it by its deadline.
template <typename Handler>
grpc::ServerUnaryReactor* RunUnary(const Method& method, Executor& executor,
                                   grpc::CallbackServerContext* context, Handler handler,
                                   size_t bytes = 0) {
  return new UnaryOnExecutor<Handler>(method, executor, context, std::move(handler), bytes);
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
