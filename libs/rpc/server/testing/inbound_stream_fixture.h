#pragma once

#include <grpcpp/create_channel.h>

#include <functional>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/inbound_stream.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"

namespace fairway::rpc {

// Reads uploads the way a test decides: on_first on gRPC's thread, on_upload on a worker.
class UploadService final : public v1::PriceIngestService::WithRawCallbackMethod_UploadBatch<
                                v1::PriceIngestService::CallbackService> {
 public:
  UploadService() : logger_("test", observability::LogLevel::kDebug, log_) {}

  grpc::ServerReadReactor<grpc::ByteBuffer>* UploadBatch(grpc::CallbackServerContext* context,
                                                         grpc::ByteBuffer* response) override {
    return new InboundStream(
        upload_, context, {.call_max = call_max, .first_message_max = first_message_max}, *reads,
        [this, response, alive = alive](InboundStream& stream, const auto& first) {
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

  double Total(absl::string_view counter) {
    double total = 0;
    for (const prometheus::MetricFamily& family : rpc_metrics_.Collect()) {
      if (family.name != counter) continue;
      for (const prometheus::ClientMetric& metric : family.metric) total += metric.counter.value;
    }
    return total;
  }
  // Whether no stream is left of those that came.
  bool AreAllGone() const { return alive.use_count() == 1; }

  std::shared_ptr<int> alive = std::make_shared<int>();  // Held by each stream.
  std::function<absl::Status(const absl::StatusOr<InboundStream::Message>&)> on_first =
      [](const auto& first) { return first.status(); };
  std::function<absl::Status(InboundStream&)> on_upload;
  absl::Duration call_max = absl::Seconds(60);
  absl::Duration first_message_max = absl::Seconds(60);
  const SystemClock clock;
  std::unique_ptr<RequestReads> reads = std::make_unique<RequestReads>(
      RequestReads::Options{.reads_max = 16, .per_address_max = 16}, &clock);

 private:
  std::ostringstream log_;
  observability::RpcMetrics rpc_metrics_;
  observability::Logger logger_;
  Method upload_{"UploadBatch", rpc_metrics_.ForMethod("client_stream", "s", "Upload"), &logger_};
  Executor executor_{2, 0};
};

// A server of it, and its client.
class InboundStreamFixture : public ::testing::Test {
 protected:
  // A client in the middle of a call.
  struct Client {
    grpc::ClientContext context;
    v1::UploadBatchResponse response;
    std::unique_ptr<grpc::ClientWriter<v1::UploadBatchRequest>> writer;

    absl::Status Finish() { return FromGrpcStatus(writer->Finish()); }
  };

  InboundStreamFixture() {
    server_ = Server::Start({}, &service_, "fairway.v1.PriceIngestService").value();
    stub_ = v1::PriceIngestService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }

  std::unique_ptr<Client> Call() {
    auto client = std::make_unique<Client>();
    client->context.set_deadline(absl::ToChronoTime(Soon()));
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

}  // namespace fairway::rpc
