#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

namespace fairway::cli {

// A service, as messages name it.
struct ServiceEndpoint {
  std::string name;  // "fairway-query"
  std::string address;
};

// A channel that connects on first use. Explains failures that are not answers of the service (see
// ExplainStatus), and reports a stale answer on standard error, once.
std::shared_ptr<grpc::Channel> ConnectService(const ServiceEndpoint& service);

// Explains a status made by gRPC itself. Leaves those of a service, which carry details, unchanged.
grpc::Status ExplainStatus(const grpc::Status& status, const ServiceEndpoint& service);

}  // namespace fairway::cli
