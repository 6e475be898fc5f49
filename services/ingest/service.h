#pragma once

#include <functional>
#include <memory>

#include "fairway/v1/price_ingest_service.grpc.pb.h"

#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/rpc/call.h"
#include "libs/rpc/executor.h"
#include "libs/rpc/inbound_stream.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/location_store.h"
#include "services/ingest/metrics.h"
#include "services/ingest/upload_batch.h"

namespace fairway::ingest {

// The PriceIngestService of the contract: reads messages, runs operations on workers, writes
// replies. Nothing blocks on gRPC's threads. Borrows what it is given.
class IngestService final : public v1::PriceIngestService::CallbackService {
 public:
  struct Dependencies {
    BatchStore* batches;
    LocationStore* locations;
    Admission* admission;
    rpc::Executor* uploads;  // One thread per upload, no queue.
    rpc::Executor* calls;    // For everything short.
    observability::RpcMetrics* rpc_metrics;
    IngestMetrics* metrics;
    const observability::Logger* logger;
  };

  explicit IngestService(const Dependencies& dependencies);

  grpc::ServerReadReactor<v1::UploadBatchRequest>* UploadBatch(
      grpc::CallbackServerContext* context, v1::UploadBatchResponse* response) override;
  grpc::ServerUnaryReactor* GetBatch(grpc::CallbackServerContext* context,
                                     const v1::GetBatchRequest* request,
                                     v1::GetBatchResponse* response) override;
  grpc::ServerUnaryReactor* ListBatches(grpc::CallbackServerContext* context,
                                        const v1::ListBatchesRequest* request,
                                        v1::ListBatchesResponse* response) override;
  grpc::ServerUnaryReactor* ListBatchErrors(grpc::CallbackServerContext* context,
                                            const v1::ListBatchErrorsRequest* request,
                                            v1::ListBatchErrorsResponse* response) override;
  grpc::ServerUnaryReactor* ImportLocations(grpc::CallbackServerContext* context,
                                            const v1::ImportLocationsRequest* request,
                                            v1::ImportLocationsResponse* response) override;

  // UNIMPLEMENTED.
  grpc::ServerUnaryReactor* CreateBatch(grpc::CallbackServerContext* context,
                                        const v1::CreateBatchRequest* request,
                                        v1::CreateBatchResponse* response) override;
  grpc::ServerBidiReactor<v1::AppendPricesRequest, v1::AppendPricesResponse>* AppendPrices(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* CommitBatch(grpc::CallbackServerContext* context,
                                        const v1::CommitBatchRequest* request,
                                        v1::CommitBatchResponse* response) override;
  grpc::ServerUnaryReactor* CancelBatch(grpc::CallbackServerContext* context,
                                        const v1::CancelBatchRequest* request,
                                        v1::CancelBatchResponse* response) override;
  grpc::ServerUnaryReactor* RevertBatch(grpc::CallbackServerContext* context,
                                        const v1::RevertBatchRequest* request,
                                        v1::RevertBatchResponse* response) override;

 private:
  rpc::Method MakeMethod(absl::string_view type, absl::string_view name) const;
  absl::Status RunUpload(rpc::InboundStream<v1::UploadBatchRequest>& inbound,
                         v1::UploadBatchResponse& response);

  const Dependencies dependencies_;
  ingest::UploadBatch upload_batch_;
  const rpc::Method upload_batch_method_;
  const rpc::Method get_batch_method_;
  const rpc::Method list_batches_method_;
  const rpc::Method list_batch_errors_method_;
  const rpc::Method import_locations_method_;
  const rpc::Method create_batch_method_;
  const rpc::Method append_prices_method_;
  const rpc::Method commit_batch_method_;
  const rpc::Method cancel_batch_method_;
  const rpc::Method revert_batch_method_;
};

}  // namespace fairway::ingest
