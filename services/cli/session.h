#pragma once

#include <CLI/App.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "fairway/v1/rate_query_service.grpc.pb.h"

namespace fairway::cli {

// What all commands share: where the services are, and what came of the command.
class Session {
 public:
  // --query-address, --ingest-address and --timeout.
  void AddOptions(CLI::App& app);

  // Runs `action` when `command` was typed; its status decides the exit status.
  void OnCommand(CLI::App* command, std::function<absl::Status()> action);

  v1::RateQueryService::Stub& query();
  v1::PriceIngestService::Stub& ingest();

  // A context for a short call, with its deadline. An upload takes the time it takes.
  std::unique_ptr<grpc::ClientContext> NewContext() const;

  const absl::Status& status() const { return status_; }

  // What holds from now on, whatever becomes of the answer: "batch acme/q1 is committed".
  void SetDone(std::string what) { done_ = std::move(what); }
  const std::string& done() const { return done_; }

 private:
  std::string query_address_ = "localhost:50051";
  std::string ingest_address_ = "localhost:50052";
  int timeout_seconds_ = 30;
  std::unique_ptr<v1::RateQueryService::Stub> query_;
  std::unique_ptr<v1::PriceIngestService::Stub> ingest_;
  absl::Status status_;
  std::string done_;
};

}  // namespace fairway::cli
