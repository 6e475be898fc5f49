#include "services/query/service.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/message_bytes.h"
#include "libs/rpc/server/unary.h"
#include "services/query/batch_get_daily_rates.h"
#include "services/query/get_daily_rates.h"
#include "services/query/get_location.h"
#include "services/query/list_locations.h"
#include "services/query/parse_catalog.h"
#include "services/query/read_rates.h"
#include "services/query/write_rates.h"
#include "services/query/write_replies.h"

namespace fairway::query {
namespace {

bool AsksForNewest(const Consistency& consistency) {
  return std::holds_alternative<NewestHeld>(consistency);
}

void Keep(const grpc::ByteBuffer& request, const VersionId& version, const grpc::Slice& reply,
          KeptReplies& replies) {
  grpc::Slice bytes;
  if (request.TrySingleSlice(&bytes).ok()) replies.Keep(rpc::ViewOf(bytes), version, reply);
}

int64_t EstimateRateWork(const RateSnapshot& snapshot, const RateRequest& request) {
  return EstimateWork(snapshot, request.lane, request.options);
}

absl::StatusOr<grpc::Slice> AnswerRates(const RateSnapshot& snapshot, const rpc::Call& call,
                                        const RateRequest& request, rpc::Executor* helpers) {
  ASSIGN_OR_RETURN(const LaneAnswer answer, GetDailyRates(snapshot, request.lane, request.options,
                                                          call.deadline(), helpers));
  return WriteDailyRates(answer);
}

absl::StatusOr<grpc::Slice> AnswerBatch(const RateSnapshot& snapshot, const rpc::Call& call,
                                        const RateBatchRequest& request, rpc::Executor* helpers) {
  ASSIGN_OR_RETURN(const auto answers,
                   BatchGetDailyRates(snapshot, request, call.deadline(), helpers));
  const bool all_found =
      std::all_of(answers.begin(), answers.end(), [](const auto& answer) { return answer.ok(); });
  // Only errors carry it, and to ask for it makes one.
  return WriteRateBatch(snapshot.version_id(), request.lane_texts, answers,
                        all_found ? "" : call.request_id());
}

}  // namespace

QueryService::QueryService(const Dependencies& dependencies)
    : OneRequestService(v1::RateQueryService::service_full_name(),
                        {.reads_max = limits::kQueryRequestReadsMax,
                         .per_address_max = limits::kQueryRequestReadsPerAddressMax},
                        dependencies.rpc_metrics, dependencies.logger),
      dependencies_(dependencies),
      get_daily_rates_method_(MakeMethod("GetDailyRates")),
      batch_get_daily_rates_method_(MakeMethod("BatchGetDailyRates")),
      get_dataset_(MakeMethod("GetDataset")),
      list_locations_(MakeMethod("ListLocations")),
      get_location_(MakeMethod("GetLocation")),
      export_daily_rates_method_(MakeMethod("ExportDailyRates")),
      watch_commits_method_(MakeMethod("WatchCommits")) {
  Register(batch_get_daily_rates_method_, &QueryService::BatchGetDailyRates);
  Register(get_dataset_.method, &QueryService::GetDataset);
  Register(list_locations_.method, &QueryService::ListLocations);
  Register(get_location_.method, &QueryService::GetLocation);
  Register(export_daily_rates_method_, &QueryService::ExportDailyRates);
  Register(watch_commits_method_, &QueryService::WatchCommits);
}

template <typename Request>
absl::StatusOr<grpc::Slice> QueryService::AnswerAndKeep(
    const SnapshotQuery<Request>& query, const RateSnapshot& held, const rpc::Call& call,
    const Request& request, const grpc::ByteBuffer& bytes, rpc::Executor* helpers) {
  ASSIGN_OR_RETURN(const grpc::Slice reply, query.answer(held, call, request, helpers));
  if (query.replies != nullptr && AsksForNewest(request.consistency)) {
    Keep(bytes, held.version_id(), reply, *query.replies);
  }
  return reply;
}

// Refuses a malformed request before it asks for a snapshot; then answers where that belongs, by
// the work it takes.
template <typename Request>
grpc::ServerUnaryReactor* QueryService::AnswerFromSnapshot(const rpc::Method& method,
                                                           const rpc::UnaryBytes& bytes,
                                                           const SnapshotQuery<Request>& query) {
  absl::StatusOr<Request> request = query.read(*bytes.request);
  if (!request.ok()) {
    return rpc::AnswerAtOnce(method, bytes, [&](const rpc::Call&) { return request.status(); });
  }
  RateReader& rates = *dependencies_.rates;
  std::shared_ptr<const RateSnapshot> held = rates.TrySnapshot(request->consistency);
  if (held == nullptr) {
    return rpc::AnswerOn(dependencies_.executors->database_calls, method, bytes,
                         [&rates, answer = query.answer, request = *std::move(request)](
                             const rpc::Call& call) -> absl::StatusOr<grpc::Slice> {
                           ASSIGN_OR_RETURN(const auto snapshot,
                                            rates.Snapshot(request.consistency, call.deadline()));
                           return answer(*snapshot, call, request, /*helpers=*/nullptr);
                         });
  }
  const absl::Duration lag = rates.Lag();
  const int64_t work = query.estimate_work(*held, *request);
  if (work <= kQuickWorkMax) {
    return rpc::AnswerAtOnce(method, bytes, [&](const rpc::Call& call) {
      call.AddStaleness(lag);
      return AnswerAndKeep(query, *held, call, *request, *bytes.request, /*helpers=*/nullptr);
    });
  }
  Executors& executors = *dependencies_.executors;
  return rpc::AnswerOn(executors.ForWork(work), method, bytes,
                       [held = std::move(held), lag, query, wire = bytes.request, &executors,
                        request = *std::move(request)](const rpc::Call& call) {
                         call.AddStaleness(lag);
                         return AnswerAndKeep(query, *held, call, request, *wire,
                                              &executors.helpers);
                       });
}

grpc::ServerUnaryReactor* QueryService::AnswerAgain(const rpc::Method& method,
                                                    const rpc::UnaryBytes& bytes,
                                                    const KeptReplies& replies) {
  grpc::Slice request;
  if (!bytes.request->TrySingleSlice(&request).ok()) return nullptr;
  const auto held = dependencies_.rates->TrySnapshot(NewestHeld());
  if (held == nullptr) return nullptr;
  const auto reply = replies.Find(rpc::ViewOf(request), held->version_id());
  if (!reply) return nullptr;
  const absl::Duration lag = dependencies_.rates->Lag();
  return rpc::AnswerAtOnce(method, bytes,
                           [&](const rpc::Call& call) -> absl::StatusOr<grpc::Slice> {
                             call.AddStaleness(lag);
                             return *reply;
                           });
}

grpc::ServerUnaryReactor* QueryService::GetDailyRates(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* reply) {
  const rpc::UnaryBytes bytes = {context, request, reply};
  auto* const answered = AnswerAgain(get_daily_rates_method_, bytes, rates_replies_);
  if (answered != nullptr) return answered;
  return AnswerFromSnapshot(
      get_daily_rates_method_, bytes,
      SnapshotQuery<RateRequest>{ReadRateRequest, EstimateRateWork, AnswerRates, &rates_replies_});
}

grpc::ServerUnaryReactor* QueryService::BatchGetDailyRates(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* reply) {
  return AnswerFromSnapshot(
      batch_get_daily_rates_method_, {context, request, reply},
      SnapshotQuery<RateBatchRequest>{ReadRateBatchRequest, EstimateBatchWork, AnswerBatch});
}

grpc::ServerUnaryReactor* QueryService::GetDataset(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* reply) {
  return rpc::RunUnary(get_dataset_, dependencies_.executors->catalog_calls,
                       {context, request, reply},
                       [this](const rpc::Call& call, const v1::GetDatasetRequest&,
                              v1::GetDatasetResponse& response) -> absl::Status {
                         call.AddStaleness(dependencies_.rates->Lag());
                         ASSIGN_OR_RETURN(const DatasetSummary dataset,
                                          dependencies_.rates->ReadDataset(call.deadline()));
                         ToProto(dataset, response);
                         return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* QueryService::ListLocations(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* reply) {
  return rpc::RunUnary(
      list_locations_, dependencies_.executors->catalog_calls, {context, request, reply},
      [this](const rpc::Call& call, const v1::ListLocationsRequest& asked,
             v1::ListLocationsResponse& response) -> absl::Status {
        call.AddStaleness(dependencies_.rates->Lag());
        ASSIGN_OR_RETURN(const LocationListRequest list, ParseLocationListRequest(asked));
        ASSIGN_OR_RETURN(const ListLocationsPage page,
                         query::ListLocations(*dependencies_.locations, list, call.deadline()));
        for (const LocationView& location : page.locations) {
          ToProto(location, *response.add_locations());
        }
        response.set_next_page_token(page.next_page_token);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* QueryService::GetLocation(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* reply) {
  return rpc::RunUnary(
      get_location_, dependencies_.executors->catalog_calls, {context, request, reply},
      [this](const rpc::Call& call, const v1::GetLocationRequest& asked,
             v1::GetLocationResponse& response) -> absl::Status {
        call.AddStaleness(dependencies_.rates->Lag());
        ASSIGN_OR_RETURN(const LocationCode code, ParseGetLocationRequest(asked));
        ASSIGN_OR_RETURN(const LocationView location,
                         query::GetLocation(*dependencies_.locations, code, call.deadline()));
        ToProto(location, *response.mutable_location());
        return absl::OkStatus();
      });
}

}  // namespace fairway::query
