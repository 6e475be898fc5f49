#include "services/ingest/service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/refused_stream.h"
#include "libs/rpc/server/unary.h"
#include "services/ingest/get_batch.h"
#include "services/ingest/import_locations.h"
#include "services/ingest/list_batch_errors.h"
#include "services/ingest/list_batches.h"
#include "services/ingest/parse_batches.h"
#include "services/ingest/parse_locations.h"
#include "services/ingest/revert_batch.h"
#include "services/ingest/upload_message.h"
#include "services/ingest/upload_stream.h"
#include "services/ingest/write_replies.h"

namespace fairway::ingest {
namespace {

absl::StatusOr<UploadHeader> ReadHeader(const absl::StatusOr<rpc::InboundStream::Message>& first) {
  if (absl::IsDeadlineExceeded(first.status())) {
    return UploadTimedOutError(
        absl::StrCat("no header came for ", absl::FormatDuration(limits::kUploadHeaderTimeMax)));
  }
  RETURN_IF_ERROR(first.status());
  return ParseFirstMessage(*first);
}

class InboundMessages final : public MessageSource {
 public:
  explicit InboundMessages(rpc::InboundStream* inbound) : inbound_(inbound) {}

  absl::StatusOr<std::optional<absl::string_view>> Next(absl::Time deadline) override {
    return inbound_->Next(deadline);
  }

 private:
  rpc::InboundStream* const inbound_;
};

absl::Status TooManyStates(int64_t states) {
  return InvalidFilterError("states",
                            absl::StrCat(states, " states; at most ", limits::kFilterStatesMax));
}

absl::Status TooManyImported(int64_t) { return TooManyLocationsError(limits::kImportLocationsMax); }

}  // namespace

IngestService::IngestService(const Dependencies& dependencies)
    : OneRequestService(v1::PriceIngestService::service_full_name(),
                        {.reads_max = limits::kIngestRequestReadsMax,
                         .per_address_max = limits::kIngestRequestReadsPerAddressMax},
                        dependencies.rpc_metrics, dependencies.logger),
      dependencies_(dependencies),
      upload_batch_(dependencies.batches, dependencies.locations, dependencies.admission),
      upload_batch_method_(MakeMethod("UploadBatch")),
      get_batch_(MakeMethod("GetBatch")),
      list_batches_(MakeMethod("ListBatches"), {{v1::ListBatchesRequest::kStatesFieldNumber,
                                                 limits::kFilterStatesMax, TooManyStates}}),
      list_batch_errors_(MakeMethod("ListBatchErrors")),
      revert_batch_(MakeMethod("RevertBatch")),
      import_locations_(MakeMethod("ImportLocations"),
                        {{v1::ImportLocationsRequest::kRegionsFieldNumber,
                          limits::kImportLocationsMax, TooManyImported},
                         {v1::ImportLocationsRequest::kPortsFieldNumber,
                          limits::kImportLocationsMax, TooManyImported}}),
      create_batch_method_(MakeMethod("CreateBatch")),
      append_prices_method_(MakeMethod("AppendPrices")),
      commit_batch_method_(MakeMethod("CommitBatch")),
      cancel_batch_method_(MakeMethod("CancelBatch")) {
  Register(get_batch_.method, &IngestService::GetBatch);
  Register(list_batches_.method, &IngestService::ListBatches);
  Register(list_batch_errors_.method, &IngestService::ListBatchErrors);
  Register(revert_batch_.method, &IngestService::RevertBatch);
  Register(import_locations_.method, &IngestService::ImportLocations);
  Register(create_batch_method_, &IngestService::CreateBatch);
  Register(commit_batch_method_, &IngestService::CommitBatch);
  Register(cancel_batch_method_, &IngestService::CancelBatch);
}

grpc::ServerReadReactor<grpc::ByteBuffer>* IngestService::UploadBatch(
    grpc::CallbackServerContext* context, grpc::ByteBuffer* response) {
  return new rpc::InboundStream(
      upload_batch_method_, context,
      {.call_max = limits::kUploadTimeMax, .first_message_max = limits::kUploadHeaderTimeMax},
      reads(), [this, response](rpc::InboundStream& inbound, const auto& first) {
        BeginUpload(inbound, first, *response);
      });
}

void IngestService::BeginUpload(rpc::InboundStream& inbound,
                                const absl::StatusOr<rpc::InboundStream::Message>& first,
                                grpc::ByteBuffer& response) {
  const absl::StatusOr<UploadHeader> header = ReadHeader(first);
  if (!header.ok()) return inbound.End(header.status());
  const Claimant claimant = {.partner = header->key.partner, .peer = inbound.peer()};
  dependencies_.places->Enter(
      claimant, inbound.call().deadline(),
      [this, &inbound, &response,
       header = *header](const absl::StatusOr<UploadPlaces::Place*>& place) {
        if (!place.ok()) return inbound.End(place.status());
        const absl::Time start = absl::Now();
        const absl::StatusOr<UploadReceipt> receipt = RunUpload(inbound, header, **place);
        dependencies_.metrics->UploadEnded(receipt);
        if (receipt.ok()) WriteReceipt(inbound.call(), *receipt, absl::Now() - start, response);
        inbound.End(receipt.status());
      });
}

absl::StatusOr<UploadReceipt> IngestService::RunUpload(rpc::InboundStream& inbound,
                                                       const UploadHeader& header,
                                                       UploadPlaces::Place& place) {
  const Deadline& deadline = inbound.call().deadline();
  InboundMessages messages(&inbound);
  UploadStream stream(&messages, &clock_, deadline, [&place] { return place.MustYield(); });
  return upload_batch_.Run(header, stream, deadline);
}

void IngestService::WriteReceipt(const rpc::Call& call, const UploadReceipt& receipt,
                                 absl::Duration time, grpc::ByteBuffer& response) const {
  const BatchRecord& batch = receipt.batch;
  dependencies_.logger->Info(receipt.replayed ? "batch replayed" : "batch committed",
                             {{"request_id", call.request_id()},
                              {"partner", batch.key.partner},
                              {"batch_id", batch.key.batch_id},
                              {"rows", batch.content.row_count},
                              {"lanes", batch.content.lane_count},
                              {"version", batch.committed_version.value_or(VersionId()).number},
                              {"seconds", absl::ToDoubleSeconds(time)}});
  v1::UploadBatchResponse message;
  ToProto(batch, *message.mutable_batch());
  message.set_replayed(receipt.replayed);
  const grpc::Slice slice(message.SerializeAsString());
  response = grpc::ByteBuffer(&slice, 1);
}

grpc::ServerUnaryReactor* IngestService::GetBatch(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* reply) {
  return rpc::RunUnary(get_batch_, *dependencies_.calls, {context, request, reply},
                       [this](const rpc::Call& call, const v1::GetBatchRequest& asked,
                              v1::GetBatchResponse& response) -> absl::Status {
                         ASSIGN_OR_RETURN(const BatchKey key, ParseGetBatchRequest(asked));
                         ASSIGN_OR_RETURN(
                             const BatchRecord batch,
                             ingest::GetBatch(*dependencies_.batches, key, call.deadline()));
                         ToProto(batch, *response.mutable_batch());
                         return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* IngestService::ListBatches(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* reply) {
  return rpc::RunUnary(
      list_batches_, *dependencies_.calls, {context, request, reply},
      [this](const rpc::Call& call, const v1::ListBatchesRequest& asked,
             v1::ListBatchesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const BatchListRequest list, ParseBatchListRequest(asked));
        ASSIGN_OR_RETURN(const ListBatchesPage page,
                         ingest::ListBatches(*dependencies_.batches, list, call.deadline()));
        for (const BatchRecord& batch : page.batches) ToProto(batch, *response.add_batches());
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
        ASSIGN_OR_RETURN(const BatchErrorListRequest list, ParseBatchErrorListRequest(asked));
        ASSIGN_OR_RETURN(const ListBatchErrorsPage page,
                         ingest::ListBatchErrors(*dependencies_.batches, list, call.deadline()));
        ToProto(page, response);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* IngestService::RevertBatch(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* reply) {
  return rpc::RunUnary(revert_batch_, *dependencies_.calls, {context, request, reply},
                       [this](const rpc::Call& call, const v1::RevertBatchRequest& asked,
                              v1::RevertBatchResponse& response) -> absl::Status {
                         ASSIGN_OR_RETURN(const BatchKey key, ParseRevertBatchRequest(asked));
                         ASSIGN_OR_RETURN(
                             const BatchReversal reversal,
                             ingest::RevertBatch(*dependencies_.batches, key, call.deadline()));
                         LogReversal(call, reversal);
                         ToProto(reversal.batch, *response.mutable_batch());
                         response.set_replayed(reversal.replayed);
                         return absl::OkStatus();
                       });
}

void IngestService::LogReversal(const rpc::Call& call, const BatchReversal& reversal) const {
  if (reversal.replayed) return;
  const BatchRecord& batch = reversal.batch;
  dependencies_.logger->Info("batch reverted",
                             {{"request_id", call.request_id()},
                              {"partner", batch.key.partner},
                              {"batch_id", batch.key.batch_id},
                              {"rows", batch.content.row_count},
                              {"version", batch.reverted_version.value_or(VersionId()).number}});
}

grpc::ServerUnaryReactor* IngestService::ImportLocations(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* reply) {
  return rpc::RunUnary(
      import_locations_, *dependencies_.calls, {context, request, reply},
      [this](const rpc::Call& call, const v1::ImportLocationsRequest& asked,
             v1::ImportLocationsResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const LocationChanges changes, ParseImportLocationsRequest(asked));
        ASSIGN_OR_RETURN(
            const LocationImport import,
            ingest::ImportLocations(*dependencies_.locations, changes, call.deadline()));
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

}  // namespace fairway::ingest
