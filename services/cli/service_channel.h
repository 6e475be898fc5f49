#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

namespace fairway::cli {

// A service as people know it.
struct ServiceEndpoint {
  std::string name;  // "fairway-query"
  std::string address;
};

// Connects when it is used. Whatever call fails without an answer of the service has a status in
// plain words; an answer that may be old is reported on standard error, once.
std::shared_ptr<grpc::Channel> ConnectService(const ServiceEndpoint& service);

// What a status of gRPC's own means. Those of a service, which carry details, stay as they are.
grpc::Status InPlainWords(const grpc::Status& status, const ServiceEndpoint& service);

}  // namespace fairway::cli
