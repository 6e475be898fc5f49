#include "libs/rpc/server/inbound_stream.h"

#include <grpcpp/create_channel.h>

#include <atomic>
#include <future>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {
namespace {

// Reads uploads the way a test decides: on_first on gRPC's thread, on_upload on a worker.
class UploadService final : public v1::PriceIngestService::WithRawCallbackMethod_UploadBatch<
                                v1::PriceIngestService::CallbackService> {
 public:
  UploadService()
      : rpc_metrics_(registry_), logger_("test", observability::LogLevel::kDebug, log_) {}

  grpc::ServerReadReactor<grpc::ByteBuffer>* UploadBatch(grpc::CallbackServerContext* context,
                                                         grpc::ByteBuffer* response) override {
    return new InboundStream(
        upload_, context, {.call_max = absl::Seconds(60), .first_message_max = first_message_max},
        *reads, [this, response](InboundStream& stream, const auto& first) {
          const absl::Status status = on_first(first);
          const auto run = [this, response, &stream] {
            const grpc::Slice empty;
            *response = grpc::ByteBuffer(&empty, 1);
            stream.End(on_upload(stream));
          };
          if (!status.ok()) return stream.End(status);
          if (!executor_.TrySubmit(run)) stream.End(OverloadedError("a test"));
        });
  }

  std::function<absl::Status(const absl::StatusOr<InboundStream::Message>&)> on_first =
      [](const auto& first) { return first.status(); };
  std::function<absl::Status(InboundStream&)> on_upload;
  absl::Duration first_message_max = absl::Seconds(60);
  const SystemClock clock;
  std::unique_ptr<RequestReads> reads = std::make_unique<RequestReads>(
      RequestReads::Options{.reads_max = 16, .per_address_max = 16}, &clock);

 private:
  std::ostringstream log_;
  prometheus::Registry registry_;
  observability::RpcMetrics rpc_metrics_;
  observability::Logger logger_;
  Method upload_{"UploadBatch", rpc_metrics_.ForMethod("client_stream", "s", "Upload"), &logger_};
  Executor executor_{2, 0};
};

class InboundStreamTest : public ::testing::Test {
 protected:
  // A client in the middle of a call.
  struct Client {
    grpc::ClientContext context;
    v1::UploadBatchResponse response;
    std::unique_ptr<grpc::ClientWriter<v1::UploadBatchRequest>> writer;

    absl::Status Finish() { return FromGrpcStatus(writer->Finish()); }
  };

  InboundStreamTest() {
    server_ = Server::Start({}, &service_, "fairway.v1.PriceIngestService").value();
    stub_ = v1::PriceIngestService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }

  std::unique_ptr<Client> Call() {
    auto client = std::make_unique<Client>();
    client->writer = stub_->UploadBatch(&client->context, &client->response);
    return client;
  }
  static v1::UploadBatchRequest Numbered(int number) {
    v1::UploadBatchRequest request;
    request.mutable_header()->set_declared_row_count(number);
    request.mutable_header()->set_label(std::string(static_cast<size_t>(number) * 100, 'x'));
    return request;
  }

  UploadService service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::PriceIngestService::Stub> stub_;
};

TEST_F(InboundStreamTest, MessagesComeInOrderAndThenTheEnd) {
  int expected = 0;
  service_.on_first = [&](const absl::StatusOr<InboundStream::Message>& first) {
    EXPECT_EQ(first->value_or("none"), expected == 0 ? "none" : Numbered(0).SerializeAsString());
    return absl::OkStatus();
  };
  service_.on_upload = [&](InboundStream& stream) -> absl::Status {
    for (int number = 1; number < expected; ++number) {
      const auto next = stream.Next(Soon());
      if (!next.ok()) return next.status();
      EXPECT_EQ(**next, Numbered(number).SerializeAsString());
    }
    EXPECT_FALSE(stream.Next(Soon()).value().has_value());
    return absl::OkStatus();
  };
  for (const int count : {0, 1, 2, 500}) {
    expected = count;
    const auto client = Call();
    for (int i = 0; i < count; ++i) ASSERT_TRUE(client->writer->Write(Numbered(i)));
    client->writer->WritesDone();
    FAIRWAY_EXPECT_OK(client->Finish());
  }
}

TEST_F(InboundStreamTest, AStreamMayBeRefusedWhileItsClientWrites) {
  service_.on_upload = [](InboundStream& stream) -> absl::Status {
    FAIRWAY_EXPECT_OK(stream.Next(Soon()));
    return InvalidBatchIdError("x");
  };
  const auto client = Call();
  while (client->writer->Write(Numbered(1000))) {
  }
  EXPECT_EQ(ReasonOf(client->Finish()), reasons::kInvalidBatchId);
}

TEST_F(InboundStreamTest, ASilentStreamMakesRoomForTheFirstMessagesOfOthers) {
  service_.reads = std::make_unique<RequestReads>(
      RequestReads::Options{.reads_max = 1, .per_address_max = 1, .grace = absl::Milliseconds(50)},
      &service_.clock);
  service_.on_first = [](const auto& first) { return first.status(); };
  service_.on_upload = [](InboundStream&) { return absl::OkStatus(); };
  const auto silent = Call();
  auto ended = std::async(std::launch::async, [&] { return silent->Finish(); });
  int answered = 0;
  while (ended.wait_for(std::chrono::seconds(0)) == std::future_status::timeout) {
    const auto client = Call();
    client->writer->WritesDone();
    if (client->Finish().ok()) ++answered;  // On a machine that stands still they are late, too.
  }
  EXPECT_FALSE(ended.get().ok());
  EXPECT_GT(answered, 0);
}

TEST_F(InboundStreamTest, NoThreadWaitsForTheFirstMessage) {
  service_.first_message_max = absl::Milliseconds(500);
  service_.on_upload = [](InboundStream&) { return absl::OkStatus(); };
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 8; ++i) silent.push_back(Call());
  const auto client = Call();
  client->writer->Write(Numbered(0));
  FAIRWAY_EXPECT_OK(client->Finish());
  for (const auto& other : silent) EXPECT_EQ(ReasonOf(other->Finish()), reasons::kDeadlineExceeded);
}

TEST_F(InboundStreamTest, ASilentClientTimesOutWithAReason) {
  service_.on_upload = [](InboundStream& stream) {
    return stream.Next(absl::Now() + absl::Milliseconds(50)).status();
  };
  const auto client = Call();
  client->writer->Write(Numbered(0));
  EXPECT_EQ(ReasonOf(client->Finish()), reasons::kDeadlineExceeded);
}

TEST_F(InboundStreamTest, AClientThatDisconnectsWakesTheWorker) {
  absl::Notification entered;
  std::promise<absl::Status> seen;
  service_.on_upload = [&](InboundStream& stream) {
    entered.Notify();
    const absl::Status status = stream.Next(absl::Now() + absl::Seconds(60)).status();
    seen.set_value(status);
    return status;
  };
  const auto client = Call();
  client->writer->Write(Numbered(0));
  entered.WaitForNotification();
  client->context.TryCancel();
  client->writer->Finish();
  EXPECT_EQ(ReasonOf(seen.get_future().get()), reasons::kCancelled);
}

TEST_F(InboundStreamTest, ACancelledUploadStopsItsWork) {
  absl::Notification entered;
  std::promise<absl::Status> seen;
  service_.on_upload = [&](InboundStream& stream) {
    absl::Notification stopped;
    const std::stop_callback stop(stream.call().deadline().stop(), [&] { stopped.Notify(); });
    entered.Notify();
    stopped.WaitForNotificationWithTimeout(absl::Seconds(20));
    seen.set_value(stream.call().deadline().Check());
    return CancelledError();
  };
  const auto client = Call();
  client->writer->Write(Numbered(0));
  entered.WaitForNotification();
  client->context.TryCancel();
  EXPECT_THAT(seen.get_future().get(), testing::StatusIs(absl::StatusCode::kCancelled));
  client->writer->Finish();
}

TEST_F(InboundStreamTest, AClientThatDisconnectsIsNotTakenForOneThatIsDone) {
  std::atomic<int> complete = 0;
  service_.on_upload = [&](InboundStream& stream) -> absl::Status {
    while (true) {
      const auto next = stream.Next(Soon());
      if (!next.ok()) return next.status();
      if (!*next) break;
    }
    ++complete;
    return absl::OkStatus();
  };
  for (int i = 0; i < 500; ++i) {
    const auto client = Call();
    for (int j = 0; j < i % 5; ++j) client->writer->Write({});
    if (i % 2 == 0) std::this_thread::yield();
    client->context.TryCancel();
    client->writer->Finish();
  }
  server_->Shutdown(absl::Seconds(60));
  EXPECT_EQ(complete, 0);
}

}  // namespace
}  // namespace fairway::rpc
