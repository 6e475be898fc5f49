#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.grpc.pb.h"

#include "libs/base/clock.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/rpc/server/call.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/inbound_stream.h"
#include "libs/rpc/server/one_request_service.h"
#include "libs/rpc/server/unary.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/location_store.h"
#include "services/ingest/metrics.h"
#include "services/ingest/upload_batch.h"
#include "services/ingest/upload_places.h"

namespace fairway::ingest {

// The unary methods, whose messages are bytes for gRPC.
template <typename Base>
using RawNewUnaryCalls = v1::PriceIngestService::WithRawCallbackMethod_CreateBatch<
    v1::PriceIngestService::WithRawCallbackMethod_CommitBatch<
        v1::PriceIngestService::WithRawCallbackMethod_CancelBatch<Base>>>;
template <typename Base>
using RawUnaryCalls = v1::PriceIngestService::WithRawCallbackMethod_GetBatch<
    v1::PriceIngestService::WithRawCallbackMethod_ListBatches<
        v1::PriceIngestService::WithRawCallbackMethod_ListBatchErrors<
            v1::PriceIngestService::WithRawCallbackMethod_RevertBatch<
                v1::PriceIngestService::WithRawCallbackMethod_ImportLocations<
                    RawNewUnaryCalls<Base>>>>>>;

// The PriceIngestService of the contract: parses requests, runs operations on workers, writes
// replies. Nothing blocks on gRPC's threads. Borrows its arguments.
class IngestService final
    : public rpc::OneRequestService<v1::PriceIngestService::WithRawCallbackMethod_UploadBatch<
          RawUnaryCalls<v1::PriceIngestService::CallbackService>>> {
 public:
  struct Dependencies {
    BatchStore* batches;
    LocationStore* locations;
    Admission* admission;
    UploadPlaces* places;
    rpc::Executor* calls;  // For everything short.
    observability::RpcMetrics* rpc_metrics;
    IngestMetrics* metrics;
    const observability::Logger* logger;
  };

  explicit IngestService(const Dependencies& dependencies);

  grpc::ServerReadReactor<grpc::ByteBuffer>* UploadBatch(grpc::CallbackServerContext* context,
                                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetBatch(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* ListBatches(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* ListBatchErrors(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* RevertBatch(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* ImportLocations(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* reply) override;

  // UNIMPLEMENTED.
  grpc::ServerUnaryReactor* CreateBatch(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* reply) override;
  grpc::ServerBidiReactor<v1::AppendPricesRequest, v1::AppendPricesResponse>* AppendPrices(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* CommitBatch(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* CancelBatch(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* reply) override;

 private:
  void BeginUpload(rpc::InboundStream& inbound,
                   const absl::StatusOr<rpc::InboundStream::Message>& first,
                   grpc::ByteBuffer& response);
  absl::StatusOr<UploadReceipt> RunUpload(rpc::InboundStream& inbound, const UploadHeader& header,
                                          UploadPlaces::Place& place);
  void LogReversal(const rpc::Call& call, const BatchReversal& reversal) const;
  void WriteReceipt(const rpc::Call& call, const UploadReceipt& receipt, absl::Duration time,
                    grpc::ByteBuffer& response) const;

  const Dependencies dependencies_;
  const SystemClock clock_;
  ingest::UploadBatch upload_batch_;
  const rpc::Method upload_batch_method_;
  rpc::UnaryMethod<v1::GetBatchRequest, v1::GetBatchResponse> get_batch_;
  rpc::UnaryMethod<v1::ListBatchesRequest, v1::ListBatchesResponse> list_batches_;
  rpc::UnaryMethod<v1::ListBatchErrorsRequest, v1::ListBatchErrorsResponse> list_batch_errors_;
  rpc::UnaryMethod<v1::RevertBatchRequest, v1::RevertBatchResponse> revert_batch_;
  rpc::UnaryMethod<v1::ImportLocationsRequest, v1::ImportLocationsResponse> import_locations_;
  const rpc::Method create_batch_method_;
  const rpc::Method append_prices_method_;
  const rpc::Method commit_batch_method_;
  const rpc::Method cancel_batch_method_;
};

}  // namespace fairway::ingest
