#include "services/cli/service_channel.h"

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

// A replica asks for the newest version every second: what is younger is no news.
constexpr absl::Duration kReportedStaleness = absl::Seconds(1);

struct Cause {
  const char* part;  // Of what gRPC says.
  const char* words;
};

constexpr Cause kCauses[] = {
    {"http1.x", "what listens there does not speak gRPC"},
    {"Connection refused", "nothing listens there"},
    {"DNS resolution failed", "its host name is not known"},
    {"C-ares", "its host name is not known"},
    {"Domain name not found", "its host name is not known"},
    {"No such file", "there is no such socket"},
    {"No route to host", "there is no way to that host"},
    {"unreachable", "there is no way to that host"},
    {"imed out", "it does not answer"},
    {"imeout", "it does not answer"},
    {"Socket closed", "the connection was lost"},
    {"reset by peer", "the connection was lost"},
    {"Broken pipe", "the connection was lost"},
    {"GOAWAY", "the connection was lost"},
};

std::string WordsOf(const std::string& message) {
  for (const Cause& cause : kCauses) {
    if (absl::StrContains(message, cause.part)) return cause.words;
  }
  return message;
}

// Says how old an answer may be.
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

class PlainWords final : public Interceptor {
 public:
  PlainWords(const ServiceEndpoint& service, StalenessNotice& notice)
      : service_(service), notice_(notice) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_STATUS)) {
      notice_.Print(*methods->GetRecvTrailingMetadata());
      grpc::Status& status = *methods->GetRecvStatus();
      status = InPlainWords(status, service_);
    }
    methods->Proceed();
  }

 private:
  const ServiceEndpoint& service_;
  StalenessNotice& notice_;
};

// Belongs to a channel, which outlives its calls.
class PlainWordsFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit PlainWordsFactory(const ServiceEndpoint& service)
      : service_(service), notice_(service.name) {}

  Interceptor* CreateClientInterceptor(ClientRpcInfo*) override {
    return new PlainWords(service_, notice_);
  }

 private:
  const ServiceEndpoint service_;
  StalenessNotice notice_;
};

}  // namespace

std::shared_ptr<grpc::Channel> ConnectService(const ServiceEndpoint& service) {
  grpc::ChannelArguments arguments;
  // Load balancers forget connections that are silent for longer.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // http_proxy and its kin are for the Internet; S3 goes through them.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> factories;
  factories.push_back(std::make_unique<PlainWordsFactory>(service));
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      service.address, grpc::InsecureChannelCredentials(), arguments, std::move(factories));
}

grpc::Status InPlainWords(const grpc::Status& status, const ServiceEndpoint& service) {
  if (!status.error_details().empty()) return status;
  const std::string place = absl::StrCat(service.name, " at ", service.address);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return {status.error_code(),
              absl::StrCat(service.name, " cannot be reached at ", service.address, ": ",
                           WordsOf(status.error_message()))};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {status.error_code(), absl::StrCat(place, " did not answer in time; see --timeout")};
    case grpc::StatusCode::CANCELLED:
      return {status.error_code(), absl::StrCat(place, " ended the call before it answered")};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {status.error_code(),
              absl::StrCat("what listens at ", service.address, " is not ", service.name,
                           ", or is of an older release; by default fairway-query has port 50051 "
                           "and fairway-ingest 50052")};
    default:
      return status;
  }
}

}  // namespace fairway::cli
