#pragma once

#include <grpcpp/create_channel.h>
#include <prometheus/registry.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/domain/testing/field_violations.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"
#include "libs/storage/testing/memory_stores.h"
#include "services/ingest/service.h"

namespace fairway::ingest {

inline v1::UploadBatchRequest RowsMessage(const std::vector<int64_t>& prices) {
  v1::UploadBatchRequest message;
  v1::PriceRows& rows = *message.mutable_chunk()->mutable_rows();
  for (const int64_t price : prices) {
    v1::Price& row = *rows.add_prices();
    row.set_origin("CNSHA");
    row.set_destination("NLRTM");
    row.set_day("2021-01-01");
    row.set_price(price);
  }
  return message;
}

inline v1::UploadBatchRequest EndMessage() {
  v1::UploadBatchRequest message;
  message.mutable_end();
  return message;
}

inline v1::UploadBatchRequest HeaderMessage(const std::string& batch_id = "batch-1",
                                            const std::string& partner = "acme") {
  v1::UploadBatchRequest message;
  message.mutable_header()->set_partner(partner);
  message.mutable_header()->set_batch_id(batch_id);
  return message;
}

// The service behind a real server, with its client, over the memory stores, which hold two ports.
class IngestServiceFixture : public ::testing::Test {
 protected:
  // An upload that the test drives message by message.
  class Upload {
   public:
    explicit Upload(v1::PriceIngestService::Stub& stub)
        : context_(NewContext()), writer_(stub.UploadBatch(context_.get(), &response_)) {}

    bool Send(const v1::UploadBatchRequest& message) { return writer_->Write(message); }
    void Cancel() { context_->TryCancel(); }
    // Without closing the stream: what the service ends by itself.
    absl::Status End() { return rpc::FromGrpcStatus(writer_->Finish()); }
    absl::Status Close() {
      writer_->WritesDone();
      return End();
    }
    const v1::UploadBatchResponse& response() const { return response_; }

   private:
    const std::unique_ptr<grpc::ClientContext> context_;
    v1::UploadBatchResponse response_;
    const std::unique_ptr<grpc::ClientWriter<v1::UploadBatchRequest>> writer_;
  };

  explicit IngestServiceFixture(int places = 4)
      : places_({.places = places, .wait_max = absl::Seconds(1)}, &clock_) {
    const auto port = [](absl::string_view code) {
      return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = "world"};
    };
    FAIRWAY_EXPECT_OK(stores_.locations().Import(
        {.regions = {{"world", "World", std::nullopt}}, .ports = {port("CNSHA"), port("NLRTM")}},
        Soon()));
    server_ =
        rpc::Server::Start({}, &service_, v1::PriceIngestService::service_full_name()).value();
    stub_ = v1::PriceIngestService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }

  // Of a call that must end by itself.
  static std::unique_ptr<grpc::ClientContext> NewContext() {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(absl::ToChronoTime(Soon()));
    return context;
  }

  // Sends the messages as far as they are taken, and closes the stream.
  absl::Status Send(const std::vector<v1::UploadBatchRequest>& messages,
                    v1::UploadBatchResponse* response = nullptr) {
    Upload upload(*stub_);
    for (const v1::UploadBatchRequest& message : messages) {
      if (!upload.Send(message)) break;
    }
    const absl::Status status = upload.Close();
    if (response != nullptr) *response = upload.response();
    return status;
  }
  // A batch of three good rows.
  absl::Status SendGoodBatch(const std::string& batch_id = "batch-1",
                             v1::UploadBatchResponse* response = nullptr) {
    return Send({HeaderMessage(batch_id), RowsMessage({100, 200, 300}), EndMessage()}, response);
  }
  absl::Status GetBatch(const std::string& batch_id, v1::Batch& batch,
                        const std::string& partner = "acme") {
    v1::GetBatchRequest request;
    request.set_partner(partner);
    request.set_batch_id(batch_id);
    v1::GetBatchResponse response;
    const grpc::Status status = stub_->GetBatch(NewContext().get(), request, &response);
    batch = response.batch();
    return rpc::FromGrpcStatus(status);
  }
  v1::BatchState StateOf(const std::string& batch_id) {
    v1::Batch batch;
    return GetBatch(batch_id, batch).ok() ? batch.state() : v1::BATCH_STATE_UNSPECIFIED;
  }
  // Until the batch is in this state.
  void AwaitState(const std::string& batch_id, v1::BatchState state) {
    const absl::Time give_up = Soon();
    while (StateOf(batch_id) != state && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    EXPECT_EQ(StateOf(batch_id), state);
  }
  int64_t StoredPrices() { return stores_.rates().ReadDataset(Soon())->price_count; }

  testing::MemoryStores stores_;
  prometheus::Registry registry_;
  observability::RpcMetrics rpc_metrics_;
  IngestMetrics metrics_{registry_};
  std::ostringstream log_;
  const observability::Logger logger_{"ingest", observability::LogLevel::kError, log_};
  const SystemClock clock_;
  Admission admission_{&clock_};
  UploadPlaces places_;
  rpc::Executor calls_{2, 16};
  IngestService service_{{.batches = &stores_.batches(),
                          .locations = &stores_.locations(),
                          .admission = &admission_,
                          .places = &places_,
                          .calls = &calls_,
                          .rpc_metrics = &rpc_metrics_,
                          .metrics = &metrics_,
                          .logger = &logger_}};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::PriceIngestService::Stub> stub_;
};

}  // namespace fairway::ingest
