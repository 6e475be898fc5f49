#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace fairway::rpc {

// Whether the health service reports SERVING, for a service or, with "", for the whole server;
// false for any other answer.
inline bool IsServing(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const grpc::Slice named(std::string("\x0a") + static_cast<char>(service.size()) + service);
  const grpc::ByteBuffer request(&named, 1);  // HealthCheckRequest{service}
  grpc::ByteBuffer reply;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &reply,
                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  grpc::Slice bytes;
  if (!status.ok() || !reply.DumpToSingleSlice(&bytes).ok()) {
    ADD_FAILURE() << "no health: " << status.error_message();
    return false;
  }
  return std::string(bytes.begin(), bytes.end()) == "\x08\x01";  // HealthCheckResponse{SERVING}
}

}  // namespace fairway::rpc
