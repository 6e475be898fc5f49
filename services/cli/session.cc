#include "services/cli/session.h"

#include <chrono>
#include <utility>

#include "services/cli/address.h"
#include "services/cli/service_channel.h"

namespace fairway::cli {

void Session::AddOptions(CLI::App& app) {
  app.add_option("--query-address", query_address_, "Where fairway-query listens, host:port")
      ->envname("FAIRWAY_QUERY_ADDRESS")
      ->check(CheckAddress)
      ->capture_default_str();
  app.add_option("--ingest-address", ingest_address_, "Where fairway-ingest listens, host:port")
      ->envname("FAIRWAY_INGEST_ADDRESS")
      ->check(CheckAddress)
      ->capture_default_str();
  app.add_option("--timeout", timeout_seconds_, "Seconds a call may take (uploads: 30 minutes)")
      ->envname("FAIRWAY_TIMEOUT")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

void Session::OnCommand(CLI::App* command, std::function<absl::Status()> action) {
  command->callback([this, action = std::move(action)] { status_ = action(); });
}

v1::RateQueryService::Stub& Session::query() {
  if (query_ == nullptr) {
    query_ = v1::RateQueryService::NewStub(ConnectService({"fairway-query", query_address_}));
  }
  return *query_;
}

v1::PriceIngestService::Stub& Session::ingest() {
  if (ingest_ == nullptr) {
    ingest_ = v1::PriceIngestService::NewStub(ConnectService({"fairway-ingest", ingest_address_}));
  }
  return *ingest_;
}

std::unique_ptr<grpc::ClientContext> Session::NewContext() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(timeout_seconds_));
  return context;
}

}  // namespace fairway::cli
