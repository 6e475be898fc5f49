#pragma once

#include <grpcpp/create_channel.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fairway/v1/rate_query_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/rpc/server/message_bytes.h"
#include "libs/rpc/server/one_request_service.h"
#include "libs/rpc/server/outbound_stream.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {

// A service whose stream tests make.
class StreamService final
    : public OneRequestService<v1::RateQueryService::WithRawCallbackMethod_WatchCommits<
          v1::RateQueryService::CallbackService>> {
 public:
  StreamService()
      : OneRequestService(v1::RateQueryService::service_full_name(),
                          {.reads_max = 16, .per_address_max = 16}, &metrics_, &logger_),
        logger_("test", observability::LogLevel::kInfo, log) {
    Register(method_, &StreamService::WatchCommits);
  }

  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchCommits(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer*) override {
    return new OutboundStream(
        method_, executor, context, time_max, &bell,
        [this](const Call& call, grpc::Slice& out) {
          ++asked;
          if (on_call != nullptr) on_call(call);
          v1::WatchCommitsResponse message;
          const absl::StatusOr<Step> step = make(message);
          out = SerializeMessage(message);
          return step;
        },
        open.has_value() ? &*open : nullptr, &elsewhere);
  }

  // Calls that failed by the fault of the service.
  double faults() { return Total("fairway_rpc_server_faults_total"); }
  double Total(absl::string_view counter) {
    double total = 0;
    for (const prometheus::MetricFamily& family : metrics_.Collect()) {
      if (family.name != counter) continue;
      for (const prometheus::ClientMetric& metric : family.metric) total += metric.counter.value;
    }
    return total;
  }

  // Until no task runs or waits: what the streams do next is up to the bell.
  void AwaitIdle() {
    const auto met = std::make_shared<std::atomic<int>>(0);
    const auto have_met = [met] { return *met >= kThreads; };
    const auto meet = [met, have_met] {
      ++*met;
      EXPECT_TRUE(Eventually(have_met));
    };
    for (int i = 0; i < kThreads; ++i) {
      EXPECT_TRUE(Eventually([&] { return executor.TrySubmit(meet); }));
    }
    EXPECT_TRUE(Eventually(have_met));
  }

  static constexpr int kThreads = 2;

  const SystemClock clock;
  Bell bell{absl::Hours(1), &clock};
  std::optional<OpenStreams> open;
  absl::Duration time_max = absl::Seconds(60);
  std::function<absl::StatusOr<Step>(v1::WatchCommitsResponse&)> make;
  std::function<void(const Call&)> on_call;
  std::atomic<int> asked = 0;
  std::ostringstream log;

 private:
  observability::RpcMetrics metrics_;
  observability::Logger logger_;
  const Method method_ = MakeMethod("WatchCommits");

 public:
  // Last: their threads end before anything goes that they use.
  Executor executor{kThreads, 16};
  Executor elsewhere{1, 16};
};

// A server of it, and its client.
class OutboundStreamFixture : public ::testing::Test {
 protected:
  OutboundStreamFixture()
      : server_(Server::Start({}, &service_, "fairway.v1.RateQueryService").value()),
        stub_(v1::RateQueryService::NewStub(grpc::CreateChannel(
            absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()))) {}

  // The versions that arrive, and how the stream ends.
  std::string ReasonAfterReading(std::vector<int64_t>& versions) {
    grpc::ClientContext context;
    const auto reader = stub_->WatchCommits(&context, {});
    v1::WatchCommitsResponse response;
    while (reader->Read(&response)) versions.push_back(response.version());
    return ReasonOf(FromGrpcStatus(reader->Finish()));
  }
  void AwaitAsked(int times) {
    EXPECT_TRUE(Eventually([&] { return service_.asked >= times; }));
  }

  StreamService service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::RateQueryService::Stub> stub_;
};

}  // namespace fairway::rpc
