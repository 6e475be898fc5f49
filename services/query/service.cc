#include "services/query/service.h"

#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/unary.h"
#include "services/query/batch_get_daily_rates.h"
#include "services/query/get_daily_rates.h"
#include "services/query/get_location.h"
#include "services/query/list_locations.h"
#include "services/query/parse_catalog.h"
#include "services/query/parse_rates.h"
#include "services/query/write_replies.h"

namespace fairway::query {
namespace {

int64_t EstimateRateWork(const RateSnapshot& snapshot, const RateRequest& request) {
  return EstimateWork(snapshot, request.lane, request.options);
}

absl::Status AnswerRates(const RateSnapshot& snapshot, const rpc::Call& call,
                         const v1::GetDailyRatesRequest& /*message*/, const RateRequest& request,
                         v1::GetDailyRatesResponse& response) {
  ASSIGN_OR_RETURN(const LaneAnswer answer,
                   GetDailyRates(snapshot, request.lane, request.options, call.deadline()));
  ToProto(answer, response);
  return absl::OkStatus();
}

absl::Status AnswerBatch(const RateSnapshot& snapshot, const rpc::Call& call,
                         const v1::BatchGetDailyRatesRequest& message,
                         const RateBatchRequest& request,
                         v1::BatchGetDailyRatesResponse& response) {
  ASSIGN_OR_RETURN(const auto answers, BatchGetDailyRates(snapshot, request, call.deadline()));
  response.set_dataset_version(snapshot.version());
  response.set_dataset_version_id(snapshot.version_id().identity);
  for (size_t i = 0; i < answers.size(); ++i) {
    ToProto(message.lanes(static_cast<int>(i)), answers[i], call.request_id(),
            *response.add_lanes());
  }
  return absl::OkStatus();
}

}  // namespace

QueryService::QueryService(const Dependencies& dependencies)
    : OneRequestService(v1::RateQueryService::service_full_name(),
                        {.reads_max = limits::kQueryRequestReadsMax,
                         .per_address_max = limits::kQueryRequestReadsPerAddressMax},
                        dependencies.rpc_metrics, dependencies.logger),
      dependencies_(dependencies),
      get_daily_rates_(MakeMethod("GetDailyRates")),
      get_dataset_(MakeMethod("GetDataset")),
      list_locations_(MakeMethod("ListLocations")),
      get_location_(MakeMethod("GetLocation")),
      batch_get_daily_rates_(MakeMethod("BatchGetDailyRates"),
                             {{v1::BatchGetDailyRatesRequest::kLanesFieldNumber,
                               limits::kQueryLanesMax, TooManyLanesError}}),
      export_daily_rates_method_(MakeMethod("ExportDailyRates")),
      watch_commits_method_(MakeMethod("WatchCommits")) {
  Register(batch_get_daily_rates_.method, &QueryService::BatchGetDailyRates);
  Register(get_dataset_.method, &QueryService::GetDataset);
  Register(list_locations_.method, &QueryService::ListLocations);
  Register(get_location_.method, &QueryService::GetLocation);
  Register(export_daily_rates_method_, &QueryService::ExportDailyRates);
  Register(watch_commits_method_, &QueryService::WatchCommits);
}

// Refuses a malformed request before it asks for a snapshot; then answers where that belongs, by
// the work it takes.
template <typename Message, typename Parsed, typename Response>
grpc::ServerUnaryReactor* QueryService::AnswerFromSnapshot(
    Unary<Message, Response>& method, const rpc::UnaryBytes& bytes,
    const SnapshotQuery<Message, Parsed, Response>& query) {
  auto messages = method.messages.Take();
  const absl::Status read = rpc::ParseMessage(*bytes.request, method.bounds, messages->request());
  absl::StatusOr<Parsed> parsed =
      read.ok() ? query.parse(messages->request()) : absl::StatusOr<Parsed>(read);
  if (!parsed.ok()) {
    return rpc::RunUnaryAtOnce(
        method, bytes, std::move(messages),
        [&](const rpc::Call&, const Message&, Response&) { return parsed.status(); });
  }
  RateReader& rates = *dependencies_.rates;
  const std::shared_ptr<const RateSnapshot> held = rates.TrySnapshot(parsed->consistency);
  if (held == nullptr) {
    return rpc::RunUnary(
        method, dependencies_.executors->database_calls, bytes,
        [&rates, answer = query.answer, request = *std::move(parsed)](
            const rpc::Call& call, const Message& message, Response& response) -> absl::Status {
          ASSIGN_OR_RETURN(const auto snapshot,
                           rates.Snapshot(request.consistency, call.deadline()));
          return answer(*snapshot, call, message, request, response);
        },
        std::move(messages));
  }
  const absl::Duration lag = rates.Lag();
  const int64_t work = query.estimate_work(*held, *parsed);
  if (work <= kQuickWorkMax) {
    return rpc::RunUnaryAtOnce(
        method, bytes, std::move(messages),
        [&](const rpc::Call& call, const Message& message, Response& response) {
          call.AddStaleness(lag);
          return query.answer(*held, call, message, *parsed, response);
        });
  }
  return rpc::RunUnary(
      method, dependencies_.executors->ForWork(work), bytes,
      [held, lag, answer = query.answer, request = *std::move(parsed)](
          const rpc::Call& call, const Message& message, Response& response) {
        call.AddStaleness(lag);
        return answer(*held, call, message, request, response);
      },
      std::move(messages));
}

grpc::ServerUnaryReactor* QueryService::GetDailyRates(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* reply) {
  using Query = SnapshotQuery<v1::GetDailyRatesRequest, RateRequest, v1::GetDailyRatesResponse>;
  return AnswerFromSnapshot(get_daily_rates_, {context, request, reply},
                            Query{ParseRateRequest, EstimateRateWork, AnswerRates});
}

grpc::ServerUnaryReactor* QueryService::BatchGetDailyRates(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* reply) {
  using Query = SnapshotQuery<v1::BatchGetDailyRatesRequest, RateBatchRequest,
                              v1::BatchGetDailyRatesResponse>;
  return AnswerFromSnapshot(batch_get_daily_rates_, {context, request, reply},
                            Query{ParseRateBatchRequest, EstimateBatchWork, AnswerBatch});
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
