#pragma once

#include <CLI/App.hpp>
#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "fairway/v1/rate_query_service.grpc.pb.h"

#include "libs/rpc/status.h"

namespace fairway::cli {

using QueryStub = v1::RateQueryService::Stub;
using IngestStub = v1::PriceIngestService::Stub;

// What all commands share: the services, and the outcome of the command. For one thread.
class Session {
 public:
  // --query-address, --ingest-address and --timeout.
  void AddOptions(CLI::App& app);

  // Runs `action` if `command` is on the command line; its status becomes status().
  void OnCommand(CLI::App* command, std::function<absl::Status()> action);

  // Calls a unary method within --timeout:
  // session.Call(&IngestStub::GetBatch, request).
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    grpc::ClientContext context;
    SetDeadline(context);
    Response response;
    absl::Status status =
        rpc::FromGrpcStatus((GetStub<Stub>().*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  // For streams, which set their own deadline.
  IngestStub& ingest();

  const absl::Status& status() const { return status_; }

  // Records what was achieved even if the output cannot be written: "batch acme/q1 is committed".
  void SetDone(std::string what) { done_ = std::move(what); }
  const std::string& done() const { return done_; }

 private:
  template <typename Stub>
  Stub& GetStub();
  QueryStub& query();
  void SetDeadline(grpc::ClientContext& context) const;

  std::string query_address_ = "localhost:50051";
  std::string ingest_address_ = "localhost:50052";
  int timeout_seconds_ = 30;
  std::unique_ptr<QueryStub> query_;
  std::unique_ptr<IngestStub> ingest_;
  absl::Status status_;
  std::string done_;
};

template <>
inline QueryStub& Session::GetStub() {
  return query();
}
template <>
inline IngestStub& Session::GetStub() {
  return ingest();
}

}  // namespace fairway::cli
