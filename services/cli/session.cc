#include "services/cli/session.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <utility>

#include "services/cli/address.h"

namespace fairway::cli {
namespace {

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  // Load balancers forget connections that are silent for longer.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // http_proxy and its kin are for the Internet; S3 goes through them.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

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
  if (query_ == nullptr) query_ = v1::RateQueryService::NewStub(Connect(query_address_));
  return *query_;
}

v1::PriceIngestService::Stub& Session::ingest() {
  if (ingest_ == nullptr) ingest_ = v1::PriceIngestService::NewStub(Connect(ingest_address_));
  return *ingest_;
}

std::unique_ptr<grpc::ClientContext> Session::NewContext() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(timeout_seconds_));
  return context;
}

}  // namespace fairway::cli
