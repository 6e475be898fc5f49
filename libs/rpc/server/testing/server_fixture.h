#pragma once

#include <grpcpp/create_channel.h>

#include <functional>
#include <memory>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/rpc/server/one_request_service.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/server/unary.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {

template <typename Base>
using RawCalls = v1::PriceIngestService::WithRawCallbackMethod_GetBatch<
    v1::PriceIngestService::WithRawCallbackMethod_CancelBatch<
        v1::PriceIngestService::WithRawCallbackMethod_CommitBatch<Base>>>;

// A service whose answers tests decide.
class TestService final
    : public OneRequestService<RawCalls<v1::PriceIngestService::CallbackService>> {
 public:
  TestService()
      : OneRequestService(v1::PriceIngestService::service_full_name(),
                          {.reads_max = 16, .per_address_max = 16}, &rpc_metrics_, &logger_),
        logger_("test", observability::LogLevel::kDebug, log) {
    Register(get_batch_.method, &TestService::GetBatch);
    Register(cancel_batch_.method, &TestService::CancelBatch);
    Register(commit_batch_, &TestService::CommitBatch);
  }

  grpc::ServerUnaryReactor* GetBatch(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* reply) override {
    return RunUnary(
        get_batch_, executor, {context, request, reply},
        [this](const Call& call, const v1::GetBatchRequest& asked, v1::GetBatchResponse& response) {
          response.mutable_batch()->set_batch_id(asked.batch_id());
          return on_get_batch(call);
        });
  }
  grpc::ServerUnaryReactor* CommitBatch(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer*, grpc::ByteBuffer*) override {
    return RefuseUnary(commit_batch_, context);
  }
  grpc::ServerUnaryReactor* CancelBatch(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* reply) override {
    return RunUnary(cancel_batch_, one_at_a_time, {context, request, reply},
                    [this](const Call& call, const v1::CancelBatchRequest&,
                           v1::CancelBatchResponse&) { return on_cancel_batch(call); });
  }
  // How many calls of a method have begun, and ended, whichever way.
  double calls_started(absl::string_view method) {
    return Calls("grpc_server_started_total", method);
  }
  double calls_ended(absl::string_view method) {
    return Calls("grpc_server_handled_total", method);
  }
  double Calls(absl::string_view counter, absl::string_view method) {
    double calls = 0;
    for (const prometheus::MetricFamily& family : rpc_metrics_.Collect()) {
      if (family.name != counter) continue;
      for (const prometheus::ClientMetric& metric : family.metric) {
        for (const auto& label : metric.label) {
          if (label.name == "grpc_method" && label.value == method) calls += metric.counter.value;
        }
      }
    }
    return calls;
  }

  std::function<absl::Status(const Call&)> on_get_batch;
  std::function<absl::Status(const Call&)> on_cancel_batch;
  std::ostringstream log;

 private:
  observability::RpcMetrics rpc_metrics_;
  observability::Logger logger_;
  UnaryMethod<v1::GetBatchRequest, v1::GetBatchResponse> get_batch_{MakeMethod("GetBatch")};
  const Method commit_batch_ = MakeMethod("CommitBatch");
  UnaryMethod<v1::CancelBatchRequest, v1::CancelBatchResponse> cancel_batch_{
      MakeMethod("CancelBatch")};

 public:
  Executor executor{2, 0};
  static constexpr size_t kQueueBytesMax = size_t{1} << 20;
  Executor one_at_a_time{1, 16, kQueueBytesMax};
};

// A server of it, and its client.
class ServerFixture : public ::testing::Test {
 protected:
  ServerFixture() {
    server_ = Server::Start({}, &service_, "fairway.v1.PriceIngestService").value();
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = v1::PriceIngestService::NewStub(channel_);
  }

  absl::Status GetBatch(grpc::ClientContext& context) {
    v1::GetBatchResponse response;
    return FromGrpcStatus(stub_->GetBatch(&context, {}, &response));
  }
  absl::Status GetBatch() {
    grpc::ClientContext context;
    return GetBatch(context);
  }

  TestService service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::PriceIngestService::Stub> stub_;
};

}  // namespace fairway::rpc
