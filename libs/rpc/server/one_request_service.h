#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/server_callback.h>

#include <string>
#include <utility>

#include "libs/base/check.h"
#include "libs/base/clock.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/rpc/server/one_request_call.h"
#include "libs/rpc/server/request_reads.h"

namespace fairway::rpc {

// The base of a service: a generated service of raw methods, with its table of methods. The
// requests of registered methods have a time limit and places (see OneRequestCall); for gRPC such a
// method is a stream in both directions, and clients see no difference. Borrows what it is given.
template <typename Base>
class OneRequestService : public Base {
 protected:
  OneRequestService(absl::string_view full_name, const RequestReads::Options& reads,
                    observability::RpcMetrics* metrics, const observability::Logger* logger)
      : descriptor_(*google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            std::string(full_name))),
        metrics_(metrics),
        logger_(logger),
        reads_(reads, &clock_) {}

  RequestReads& reads() { return reads_; }

  // What the calls of a method share. `name` outlives it.
  Method MakeMethod(absl::string_view name) const {
    const absl::string_view type = TypeOf(DescriptorOf(name));
    return {.name = name,
            .metrics = metrics_->ForMethod(type, descriptor_.full_name(), name),
            .logger = logger_};
  }

  // `rpc`, of the service that derives from this class, answers requests that were read in time.
  // `method` outlives the service's calls.
  template <typename Service>
  void Register(const Method& method,
                grpc::ServerUnaryReactor* (Service::*rpc)(grpc::CallbackServerContext*,
                                                          const grpc::ByteBuffer*,
                                                          grpc::ByteBuffer*)) {
    ReadInTime<OneRequestUnaryCall>(
        method, [service = static_cast<Service*>(this), rpc](
                    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                    grpc::ByteBuffer* reply) { return (service->*rpc)(context, request, reply); });
  }
  template <typename Service>
  void Register(const Method& method, grpc::ServerWriteReactor<grpc::ByteBuffer>* (Service::*rpc)(
                                          grpc::CallbackServerContext*, const grpc::ByteBuffer*)) {
    ReadInTime<OneRequestStreamCall>(
        method, [service = static_cast<Service*>(this), rpc](grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request) {
          return (service->*rpc)(context, request);
        });
  }

 private:
  template <typename AnyCall>
  void ReadInTime(const Method& method, typename AnyCall::Handler handler) {
    using Handler = grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
    this->MarkMethodStreamed(DescriptorOf(method.name).index(),
                             new Handler([this, &method, handler = std::move(handler)](
                                             grpc::CallbackServerContext* context) {
                               return new AnyCall(method, context, reads_, handler);
                             }));
  }

  const google::protobuf::MethodDescriptor& DescriptorOf(absl::string_view name) const {
    const auto* const method = descriptor_.FindMethodByName(std::string(name));
    FAIRWAY_CHECK(method != nullptr);
    return *method;
  }
  static absl::string_view TypeOf(const google::protobuf::MethodDescriptor& method) {
    if (method.client_streaming()) {
      return method.server_streaming() ? "bidi_stream" : "client_stream";
    }
    return method.server_streaming() ? "server_stream" : "unary";
  }

  const google::protobuf::ServiceDescriptor& descriptor_;
  observability::RpcMetrics* const metrics_;
  const observability::Logger* const logger_;
  const SystemClock clock_;  // gRPC has no other.
  RequestReads reads_;
};

}  // namespace fairway::rpc
