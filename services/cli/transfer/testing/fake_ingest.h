#pragma once

#include <CLI/CLI.hpp>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"

#include "libs/domain/errors.h"
#include "libs/rpc/status.h"
#include "services/cli/shell/session.h"

namespace fairway::cli {

// An ingest service in this process that records uploads and returns what a test sets, and a
// session that is connected to it. Thread-safe.
class FakeIngest final : public v1::PriceIngestService::Service {
 public:
  struct Upload {
    v1::BatchHeader header;
    int64_t row_count = 0;
    bool has_end = false;
    std::optional<int64_t> end_row_count;
    int chunk_count = 0;
    size_t largest_bytes = 0;  // Of its messages.
    std::chrono::system_clock::duration time_left = {};
  };

  FakeIngest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    CLI::App app;
    session_.AddOptions(app);
    app.parse(absl::StrCat("--ingest-address 127.0.0.1:", port));
  }
  ~FakeIngest() override { server_->Shutdown(); }

  Session& session() { return session_; }

  // The outcome of the next upload that is not set yet; further uploads are committed.
  void AddOutcome(absl::Status outcome) {
    const std::lock_guard lock(mutex_);
    outcomes_.push_back(std::move(outcome));
  }
  // A batch that GetBatch and ListBatches return.
  void AddBatch(const v1::Batch& batch) {
    const std::lock_guard lock(mutex_);
    batches_.push_back(batch);
  }
  void AddRowError(const v1::RowError& error, int64_t count) {
    const std::lock_guard lock(mutex_);
    *errors_.add_errors() = error;
    v1::RowErrorCount* total = errors_.add_error_counts();
    total->set_reason(error.reason());
    total->set_count(count);
    errors_.set_error_count(errors_.error_count() + count);
    errors_.set_stored_error_count(errors_.stored_error_count() + 1);
  }
  std::vector<Upload> uploads() {
    const std::lock_guard lock(mutex_);
    return uploads_;
  }
  std::vector<v1::ListBatchesRequest> list_requests() {
    const std::lock_guard lock(mutex_);
    return list_requests_;
  }
  std::vector<v1::ListBatchErrorsRequest> error_requests() {
    const std::lock_guard lock(mutex_);
    return error_requests_;
  }
  int get_batch_count() {
    const std::lock_guard lock(mutex_);
    return get_batch_count_;
  }

 private:
  grpc::Status UploadBatch(grpc::ServerContext* context,
                           grpc::ServerReader<v1::UploadBatchRequest>* reader,
                           v1::UploadBatchResponse* response) override {
    Upload upload;
    upload.time_left = context->deadline() - std::chrono::system_clock::now();
    v1::UploadBatchRequest request;
    while (reader->Read(&request)) {
      if (request.has_header()) upload.header = request.header();
      upload.largest_bytes = std::max(upload.largest_bytes, request.ByteSizeLong());
      if (request.has_chunk()) {
        ++upload.chunk_count;
        upload.row_count += request.chunk().columns().prices_size() +
                            request.chunk().rows().prices_size() +
                            request.chunk().rejected_rows_size();
      }
      upload.has_end = upload.has_end || request.has_end();
      if (request.end().has_row_count()) upload.end_row_count = request.end().row_count();
    }
    const std::lock_guard lock(mutex_);
    uploads_.push_back(upload);
    absl::Status outcome;
    if (!outcomes_.empty()) {
      outcome = outcomes_.front();
      outcomes_.pop_front();
    }
    v1::Batch* batch = response->mutable_batch();
    batch->set_partner(upload.header.partner());
    batch->set_batch_id(upload.header.batch_id());
    batch->set_row_count(upload.row_count);
    batch->set_digest("digest-of-the-upload");
    batch->set_committed_version(7);
    return rpc::ToGrpcStatus(outcome, "request");
  }

  grpc::Status GetBatch(grpc::ServerContext*, const v1::GetBatchRequest* request,
                        v1::GetBatchResponse* response) override {
    const std::lock_guard lock(mutex_);
    ++get_batch_count_;
    for (const v1::Batch& batch : batches_) {
      if (batch.partner() != request->partner() || batch.batch_id() != request->batch_id())
        continue;
      *response->mutable_batch() = batch;
      return grpc::Status::OK;
    }
    return rpc::ToGrpcStatus(BatchNotFoundError({request->partner(), request->batch_id()}),
                             "request");
  }

  grpc::Status ListBatches(grpc::ServerContext*, const v1::ListBatchesRequest* request,
                           v1::ListBatchesResponse* response) override {
    const std::lock_guard lock(mutex_);
    list_requests_.push_back(*request);
    for (const v1::Batch& batch : batches_) {
      if (batch.partner() == request->partner()) *response->add_batches() = batch;
    }
    return grpc::Status::OK;
  }

  grpc::Status ListBatchErrors(grpc::ServerContext*, const v1::ListBatchErrorsRequest* request,
                               v1::ListBatchErrorsResponse* response) override {
    const std::lock_guard lock(mutex_);
    error_requests_.push_back(*request);
    *response = errors_;
    return grpc::Status::OK;
  }

  std::mutex mutex_;
  std::deque<absl::Status> outcomes_;
  std::vector<Upload> uploads_;
  std::vector<v1::Batch> batches_;
  v1::ListBatchErrorsResponse errors_;
  int get_batch_count_ = 0;
  std::vector<v1::ListBatchesRequest> list_requests_;
  std::vector<v1::ListBatchErrorsRequest> error_requests_;
  std::unique_ptr<grpc::Server> server_;
  Session session_;
};

}  // namespace fairway::cli
