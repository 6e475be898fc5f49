#include "libs/rpc/server/pulse.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace fairway::rpc {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(200);

// The health service has no generated code here; an empty request means the whole server.
grpc::Status CheckHealth(grpc::GenericStub& stub) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&](grpc::Status answer) {
                   status = std::move(answer);
                   done.Notify();
                 });
  done.WaitForNotification();
  return status;
}

}  // namespace

Pulse::Pulse(grpc::Server* server, const Clock* clock)
    : beating_(
          clock,
          [this, clock, channel = server->InProcessChannel({})](const std::stop_token&) {
            grpc::GenericStub stub(channel);
            if (CheckHealth(stub).ok()) ++beats_;
            return clock->Now() + kInterval;
          },
          /*first_run=*/clock->Now() + kInterval) {}

}  // namespace fairway::rpc
