#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/server/call.h"

namespace fairway::rpc {

// Answers a streaming method of the contract that is not of this release. `Reactor` is the reactor
// type of the method. Owns itself.
template <typename Reactor>
class RefusedStream final : public Reactor {
 public:
  RefusedStream(const Method& method, grpc::CallbackServerContext* context) {
    Call call(method, context, limits::kUnaryDeadlineDefault);
    this->Finish(call.Finish(NotImplementedError(method.name)));
  }

 private:
  void OnDone() override { delete this; }
};

}  // namespace fairway::rpc
