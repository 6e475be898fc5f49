#include "services/ingest/service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/refused_stream.h"
#include "libs/rpc/unary.h"
#include "services/ingest/converters.h"
#include "services/ingest/get_batch.h"
#include "services/ingest/import_locations.h"
#include "services/ingest/list_batch_errors.h"
#include "services/ingest/list_batches.h"
#include "services/ingest/upload_stream.h"

namespace fairway::ingest {

namespace {

absl::Status TooManyStates(int64_t states) {
  return InvalidFilterError("states",
                            absl::StrCat(states, " states; at most ", limits::kFilterStatesMax));
}

absl::Status TooManyImported(int64_t) { return TooManyLocationsError(limits::kImportLocationsMax); }

}  // namespace

IngestService::IngestService(const Dependencies& dependencies)
    : dependencies_(dependencies),
      upload_batch_(dependencies.batches, dependencies.locations, dependencies.admission),
      upload_batch_method_(MakeMethod("client_stream", "UploadBatch")),
      get_batch_(MakeMethod("unary", "GetBatch")),
      list_batches_(
          MakeMethod("unary", "ListBatches"),
          {{v1::ListBatchesRequest::kStatesFieldNumber, limits::kFilterStatesMax, TooManyStates}}),
      list_batch_errors_(MakeMethod("unary", "ListBatchErrors")),
      import_locations_(MakeMethod("unary", "ImportLocations"),
                        {{v1::ImportLocationsRequest::kRegionsFieldNumber,
                          limits::kImportLocationsMax, TooManyImported},
                         {v1::ImportLocationsRequest::kPortsFieldNumber,
                          limits::kImportLocationsMax, TooManyImported}}),
      create_batch_method_(MakeMethod("unary", "CreateBatch")),
      append_prices_method_(MakeMethod("bidi_stream", "AppendPrices")),
      commit_batch_method_(MakeMethod("unary", "CommitBatch")),
      cancel_batch_method_(MakeMethod("unary", "CancelBatch")),
      revert_batch_method_(MakeMethod("unary", "RevertBatch")) {}

rpc::Method IngestService::MakeMethod(absl::string_view type, absl::string_view name) const {
  return {.name = name,
          .metrics = dependencies_.rpc_metrics->ForMethod(
              type, v1::PriceIngestService::service_full_name(), name),
          .logger = dependencies_.logger};
}

grpc::ServerReadReactor<v1::UploadBatchRequest>* IngestService::UploadBatch(
    grpc::CallbackServerContext* context, v1::UploadBatchResponse* response) {
  auto* inbound = new UploadStream::Inbound(upload_batch_method_, context, limits::kUploadTimeMax);
  const auto run = [this, inbound, response] { inbound->End(RunUpload(*inbound, *response)); };
  if (!dependencies_.uploads->TrySubmit(run)) {
    inbound->End(OverloadedError("as many uploads run as this task takes on"));
  }
  return inbound;
}

absl::Status IngestService::RunUpload(UploadStream::Inbound& inbound,
                                      v1::UploadBatchResponse& response) {
  UploadStream stream(&inbound);
  ASSIGN_OR_RETURN(const UploadHeader header, stream.ReadHeader());
  const absl::Time start = absl::Now();
  const absl::StatusOr<UploadReceipt> receipt =
      upload_batch_.Run(header, stream, inbound.call().deadline());
  dependencies_.metrics->UploadEnded(receipt);
  if (!receipt.ok()) return receipt.status();
  dependencies_.logger->Info(
      receipt->replayed ? "batch replayed" : "batch committed",
      {{"request_id", inbound.call().request_id()},
       {"partner", header.key.partner},
       {"batch_id", header.key.batch_id},
       {"rows", receipt->batch.content.row_count},
       {"lanes", receipt->batch.content.lane_count},
       {"version", receipt->batch.committed_version.value_or(VersionId()).number},
       {"seconds", absl::ToDoubleSeconds(absl::Now() - start)}});
  ToProto(receipt->batch, *response.mutable_batch());
  response.set_replayed(receipt->replayed);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* IngestService::GetBatch(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* reply) {
  return rpc::RunUnary(
      get_batch_, *dependencies_.calls, {context, request, reply},
      [this](const rpc::Call& call, const v1::GetBatchRequest& asked,
             v1::GetBatchResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const BatchRecord batch,
                         ingest::GetBatch(*dependencies_.batches,
                                          {asked.partner(), asked.batch_id()}, call.deadline()));
        ToProto(batch, *response.mutable_batch());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* IngestService::ListBatches(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* reply) {
  return rpc::RunUnary(list_batches_, *dependencies_.calls, {context, request, reply},
                       [this](const rpc::Call& call, const v1::ListBatchesRequest& asked,
                              v1::ListBatchesResponse& response) -> absl::Status {
                         ASSIGN_OR_RETURN(const ListBatchesQuery query, FromProto(asked));
                         ASSIGN_OR_RETURN(
                             const ListBatchesPage page,
                             ingest::ListBatches(*dependencies_.batches, query, call.deadline()));
                         for (const BatchRecord& batch : page.batches)
                           ToProto(batch, *response.add_batches());
                         response.set_next_page_token(page.next_page_token);
                         return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* IngestService::ListBatchErrors(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* reply) {
  return rpc::RunUnary(
      list_batch_errors_, *dependencies_.calls, {context, request, reply},
      [this](const rpc::Call& call, const v1::ListBatchErrorsRequest& asked,
             v1::ListBatchErrorsResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(
            const ListBatchErrorsPage page,
            ingest::ListBatchErrors(*dependencies_.batches, FromProto(asked), call.deadline()));
        ToProto(page, response);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* IngestService::ImportLocations(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* reply) {
  return rpc::RunUnary(import_locations_, *dependencies_.calls, {context, request, reply},
                       [this](const rpc::Call& call, const v1::ImportLocationsRequest& asked,
                              v1::ImportLocationsResponse& response) -> absl::Status {
                         ASSIGN_OR_RETURN(const LocationChanges changes, FromProto(asked));
                         ASSIGN_OR_RETURN(const LocationImport import,
                                          ingest::ImportLocations(*dependencies_.locations, changes,
                                                                  call.deadline()));
                         ToProto(import, response);
                         return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* IngestService::CreateBatch(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer*, grpc::ByteBuffer*) {
  return rpc::RefuseUnary(create_batch_method_, context);
}

grpc::ServerBidiReactor<v1::AppendPricesRequest, v1::AppendPricesResponse>*
IngestService::AppendPrices(grpc::CallbackServerContext* context) {
  return new rpc::RefusedStream<
      grpc::ServerBidiReactor<v1::AppendPricesRequest, v1::AppendPricesResponse>>(
      append_prices_method_, context);
}

grpc::ServerUnaryReactor* IngestService::CommitBatch(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer*, grpc::ByteBuffer*) {
  return rpc::RefuseUnary(commit_batch_method_, context);
}

grpc::ServerUnaryReactor* IngestService::CancelBatch(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer*, grpc::ByteBuffer*) {
  return rpc::RefuseUnary(cancel_batch_method_, context);
}

grpc::ServerUnaryReactor* IngestService::RevertBatch(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer*, grpc::ByteBuffer*) {
  return rpc::RefuseUnary(revert_batch_method_, context);
}

}  // namespace fairway::ingest
