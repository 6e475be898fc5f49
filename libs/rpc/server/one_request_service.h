#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/server_callback.h>

#include <string>
#include <utility>

#include "libs/rpc/server/one_request_call.h"
#include "libs/rpc/server/request_reads.h"

namespace fairway::rpc {

// A generated service of raw methods, with methods whose requests have a time limit and places
// (see OneRequestCall). For gRPC such a method is a stream in both directions; clients see no
// difference.
template <typename Base>
class OneRequestService : public Base {
 protected:
  OneRequestService(absl::string_view full_name, const RequestReads::Options& reads)
      : descriptor_(*google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            std::string(full_name))),
        reads_(reads) {}

  RequestReads& reads() { return reads_; }
  // `method` outlives the service's calls.
  void ReadInTime(const Method& method, OneRequestUnaryCall::Handler handler) {
    ReadInTimeWith<OneRequestUnaryCall>(method, std::move(handler));
  }
  void ReadInTime(const Method& method, OneRequestStreamCall::Handler handler) {
    ReadInTimeWith<OneRequestStreamCall>(method, std::move(handler));
  }

 private:
  template <typename AnyCall>
  void ReadInTimeWith(const Method& method, typename AnyCall::Handler handler) {
    const int index = descriptor_.FindMethodByName(std::string(method.name))->index();
    using Handler = grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
    this->MarkMethodStreamed(index, new Handler([this, &method, handler = std::move(handler)](
                                                    grpc::CallbackServerContext* context) {
                               return new AnyCall(method, context, reads_, handler);
                             }));
  }

  const google::protobuf::ServiceDescriptor& descriptor_;
  RequestReads reads_;
};

}  // namespace fairway::rpc
