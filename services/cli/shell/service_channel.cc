#include "services/cli/shell/service_channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/client_interceptor.h>

#include <atomic>
#include <iostream>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace fairway::cli {
namespace {

using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;
using TrailingMetadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// A replica polls for the newest version every second: less is not worth reporting.
constexpr absl::Duration kReportedStaleness = absl::Seconds(1);

struct Cause {
  const char* part;  // Of the message of gRPC.
  const char* explanation;
};

constexpr Cause kCauses[] = {
    {"http1.x", "the server there does not speak gRPC"},
    {"Connection refused", "connection refused"},
    {"DNS resolution failed", "unknown host name"},
    {"C-ares", "unknown host name"},
    {"Domain name not found", "unknown host name"},
    {"No such file", "no such socket"},
    {"No route to host", "no route to host"},
    {"unreachable", "no route to host"},
    {"imed out", "connection timed out"},
    {"imeout", "connection timed out"},
    {"Socket closed", "connection lost"},
    {"reset by peer", "connection lost"},
    {"Broken pipe", "connection lost"},
    {"GOAWAY", "connection lost"},
};

std::string ExplanationOf(const std::string& message) {
  for (const Cause& cause : kCauses) {
    if (absl::StrContains(message, cause.part)) return cause.explanation;
  }
  return message;
}

// Reports how old an answer may be.
class StalenessNotice {
 public:
  explicit StalenessNotice(std::string service) : service_(std::move(service)) {}

  void Print(const TrailingMetadata& trailers) {
    const auto found = trailers.find("x-fairway-staleness-ms");
    int64_t milliseconds = 0;
    if (found == trailers.end() ||
        !absl::SimpleAtoi(absl::string_view(found->second.data(), found->second.size()),
                          &milliseconds) ||
        absl::Milliseconds(milliseconds) < kReportedStaleness || is_printed_.exchange(true)) {
      return;
    }
    const absl::Time since = absl::Now() - absl::Milliseconds(milliseconds);
    std::cerr << "the answer may be " << milliseconds / 1000 << " s old: " << service_
              << " has not caught up with its database since "
              << absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", since, absl::UTCTimeZone()) << "\n";
  }

 private:
  const std::string service_;
  std::atomic<bool> is_printed_ = false;
};

class ExplainingInterceptor final : public Interceptor {
 public:
  ExplainingInterceptor(const ServiceEndpoint& service, StalenessNotice& notice)
      : service_(service), notice_(notice) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_STATUS)) {
      notice_.Print(*methods->GetRecvTrailingMetadata());
      grpc::Status& status = *methods->GetRecvStatus();
      status = ExplainStatus(status, service_);
    }
    methods->Proceed();
  }

 private:
  const ServiceEndpoint& service_;
  StalenessNotice& notice_;
};

// Owned by the channel, which outlives its calls.
class ExplainingFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit ExplainingFactory(const ServiceEndpoint& service)
      : service_(service), notice_(service.name) {}

  Interceptor* CreateClientInterceptor(ClientRpcInfo*) override {
    return new ExplainingInterceptor(service_, notice_);
  }

 private:
  const ServiceEndpoint service_;
  StalenessNotice notice_;
};

}  // namespace

std::shared_ptr<grpc::Channel> ConnectService(const ServiceEndpoint& service) {
  grpc::ChannelArguments arguments;
  // Load balancers drop connections that are idle for longer.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // http_proxy and the like are for the Internet, for S3 for example; services are local.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> factories;
  factories.push_back(std::make_unique<ExplainingFactory>(service));
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      service.address, grpc::InsecureChannelCredentials(), arguments, std::move(factories));
}

grpc::Status ExplainStatus(const grpc::Status& status, const ServiceEndpoint& service) {
  if (!status.error_details().empty()) return status;
  const std::string place = absl::StrCat(service.name, " at ", service.address);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return {status.error_code(),
              absl::StrCat(service.name, " cannot be reached at ", service.address, ": ",
                           ExplanationOf(status.error_message()))};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {status.error_code(), absl::StrCat(place, " did not answer in time; see --timeout")};
    case grpc::StatusCode::CANCELLED:
      return {status.error_code(), absl::StrCat(place, " cancelled the call before it answered")};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {status.error_code(),
              absl::StrCat("the server at ", service.address, " is not ", service.name,
                           ", or is an older release; the default port of fairway-query is 50051, "
                           "that of fairway-ingest 50052")};
    default:
      return status;
  }
}

}  // namespace fairway::cli
