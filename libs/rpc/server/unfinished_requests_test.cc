#include <grpcpp/create_channel.h>

#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/rpc/server/one_request_service.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/server/testing/raw_connection.h"
#include "libs/rpc/server/unary.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {
namespace {

constexpr absl::Duration kTimeMax = absl::Milliseconds(400);

// What a service borrows, and what therefore outlives its threads.
struct Observers {
  std::ostringstream log;
  observability::RpcMetrics metrics;
  observability::Logger logger{"test", observability::LogLevel::kError, log};
};

// Answers GetBatch as soon as its request is whole.
class PromptService final
    : private Observers,
      public OneRequestService<v1::PriceIngestService::WithRawCallbackMethod_GetBatch<
          v1::PriceIngestService::CallbackService>> {
 public:
  explicit PromptService(const RequestReads::Options& reads)
      : OneRequestService(v1::PriceIngestService::service_full_name(), reads, &metrics, &logger) {
    Register(method_, &PromptService::GetBatch);
  }

  grpc::ServerUnaryReactor* GetBatch(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* reply) override {
    return AnswerAtOnce(method_, {context, request, reply},
                        [](const Call&) -> absl::StatusOr<grpc::Slice> {
                          return SerializeMessage(v1::GetBatchResponse());
                        });
  }
  double calls_ended() {
    double ended = 0;
    for (const prometheus::MetricFamily& family : metrics.Collect()) {
      if (family.name != "grpc_server_handled_total") continue;
      for (const prometheus::ClientMetric& metric : family.metric) ended += metric.counter.value;
    }
    return ended;
  }

 private:
  const Method method_ = MakeMethod("GetBatch");
};

class UnfinishedRequestsTest : public ::testing::Test {
 protected:
  void Start(const RequestReads::Options& reads) {
    service_ = std::make_unique<PromptService>(reads);
    server_ = Server::Start({}, service_.get(), "x").value();
    stub_ = v1::PriceIngestService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  absl::Status Call() {
    grpc::ClientContext context;
    v1::GetBatchResponse response;
    return FromGrpcStatus(stub_->GetBatch(&context, {}, &response));
  }

  std::unique_ptr<PromptService> service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::PriceIngestService::Stub> stub_;
};

TEST_F(UnfinishedRequestsTest, EndInTimeAndDisturbNoOthers) {
  Start({.reads_max = 256, .per_address_max = 256, .time_max = kTimeMax, .grace = kTimeMax});
  RawConnection connection(server_->port());
  const absl::Time start = absl::Now();
  connection.BeginUnfinished(128);
  FAIRWAY_EXPECT_OK(Call());
  EXPECT_TRUE(connection.AwaitEnds(128));
  EXPECT_GE(absl::Now() - start, kTimeMax);
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
  FAIRWAY_EXPECT_OK(Call());
}

TEST_F(UnfinishedRequestsTest, OnesThatWaitForTheirTurnAreAnsweredAfterTheOthersGrace) {
  Start({.reads_max = 4, .per_address_max = 4, .time_max = absl::Hours(1), .grace = kTimeMax});
  RawConnection connection(server_->port());
  connection.BeginUnfinished(4);
  connection.Ping();
  ASSERT_TRUE(connection.Await(http2::kPing));
  FAIRWAY_EXPECT_OK(Call());
  EXPECT_TRUE(connection.AwaitEnds(1)) << "the others may go on: no request waits";
}

TEST_F(UnfinishedRequestsTest, GoAwayWithTheirConnection) {
  Start(
      {.reads_max = 1, .per_address_max = 1, .time_max = absl::Hours(1), .grace = absl::Hours(1)});
  {
    RawConnection connection(server_->port());
    connection.BeginUnfinished(3);  // One is being read, the others wait.
    connection.Ping();
    ASSERT_TRUE(connection.Await(http2::kPing));
  }
  FAIRWAY_EXPECT_OK(Call());
}

TEST_F(UnfinishedRequestsTest, OneThatIsCancelledInTheQueueEndsAtOnce) {
  Start(
      {.reads_max = 1, .per_address_max = 1, .time_max = absl::Hours(1), .grace = absl::Hours(1)});
  RawConnection connection(server_->port());
  connection.BeginUnfinished(8);  // One is being read, the others wait.
  connection.Ping();
  ASSERT_TRUE(connection.Await(http2::kPing));
  EXPECT_EQ(service_->calls_ended(), 0);
  for (size_t call = 1; call < 8; ++call) connection.Reset(call);
  EXPECT_TRUE(Eventually([&] { return service_->calls_ended() >= 1; }));
}

TEST_F(UnfinishedRequestsTest, ACallWithoutARequestIsRefused) {
  Start({.reads_max = 4, .per_address_max = 4});
  const auto channel = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                           grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  v1::GetBatchResponse response;
  const std::unique_ptr<grpc::ClientWriter<v1::GetBatchRequest>> writer(
      grpc::internal::ClientWriterFactory<v1::GetBatchRequest>::Create(
          channel.get(),
          grpc::internal::RpcMethod("/fairway.v1.PriceIngestService/GetBatch",
                                    grpc::internal::RpcMethod::CLIENT_STREAMING, channel),
          &context, &response));
  writer->WritesDone();
  EXPECT_EQ(ReasonOf(FromGrpcStatus(writer->Finish())), reasons::kInvalidRequest);
}

}  // namespace
}  // namespace fairway::rpc
