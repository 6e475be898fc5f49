#include "services/cli/shell/session.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "libs/domain/limits.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/service_channel.h"

namespace fairway::cli {

void Session::AddOptions(CLI::App& app) {
  app.add_option("--query-address", query_address_, "Address of fairway-query, host:port")
      ->envname("FAIRWAY_QUERY_ADDRESS")
      ->check(CheckAddress)
      ->capture_default_str();
  app.add_option("--ingest-address", ingest_address_, "Address of fairway-ingest, host:port")
      ->envname("FAIRWAY_INGEST_ADDRESS")
      ->check(CheckAddress)
      ->capture_default_str();
  app.add_option("--timeout", timeout_seconds_,
                 absl::StrCat("Timeout of a call in seconds (uploads: ",
                              absl::ToInt64Minutes(limits::kUploadTimeMax), " minutes)"))
      ->envname("FAIRWAY_TIMEOUT")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

void Session::OnCommand(CLI::App* command, std::function<absl::Status()> action) {
  command->callback([this, action = std::move(action)] { status_ = action(); });
}

QueryStub& Session::query() {
  if (query_ == nullptr) {
    query_ = v1::RateQueryService::NewStub(ConnectService({"fairway-query", query_address_}));
  }
  return *query_;
}

IngestStub& Session::ingest() {
  if (ingest_ == nullptr) {
    ingest_ = v1::PriceIngestService::NewStub(ConnectService({"fairway-ingest", ingest_address_}));
  }
  return *ingest_;
}

void Session::SetDeadline(grpc::ClientContext& context) const {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(timeout_seconds_));
}

}  // namespace fairway::cli
