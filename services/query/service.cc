#include "services/query/service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/outbound_stream.h"
#include "libs/rpc/server/unary.h"
#include "services/query/batch_get_daily_rates.h"
#include "services/query/converters.h"
#include "services/query/export_daily_rates.h"
#include "services/query/get_daily_rates.h"
#include "services/query/get_location.h"
#include "services/query/list_locations.h"
#include "services/query/watch_commits.h"

namespace fairway::query {
namespace {

int64_t WorkOfRates(const RateSnapshot& snapshot, const v1::GetDailyRatesRequest& asked) {
  const NamedLane lane = {asked.origin(), asked.destination()};
  const absl::StatusOr<DayRange> days = ParseDayRange(asked.first_date(), asked.last_date());
  return days.ok() ? EstimateWork(snapshot, lane, days->size(), asked.statistics().size()) : 0;
}

// Never quick: its answer is long.
int64_t WorkOfBatch(const RateSnapshot& snapshot, const v1::BatchGetDailyRatesRequest& asked) {
  int64_t work = kQuickWorkMax + 1;
  const absl::StatusOr<DayRange> days = ParseDayRange(asked.first_date(), asked.last_date());
  if (!days.ok()) return work;
  for (const v1::Lane& lane : asked.lanes()) {
    work += EstimateWork(snapshot, {lane.origin(), lane.destination()}, days->size(),
                         asked.statistics().size());
  }
  return work;
}

absl::Status TooManyExportedLanes(int64_t lanes) {
  return InvalidRequestError(
      "lanes", absl::StrCat(lanes, " lanes; at most ", limits::kExportLanesMax, " in an export"));
}

absl::StatusOr<ExportQuery> ReadExportQuery(const grpc::ByteBuffer& bytes) {
  constexpr rpc::FieldBound kLanes = {v1::ExportDailyRatesRequest::kLanesFieldNumber,
                                      limits::kExportLanesMax, TooManyExportedLanes};
  v1::ExportDailyRatesRequest request;
  RETURN_IF_ERROR(rpc::ParseMessage(bytes, {kLanes}, request));
  return FromProto(request);
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

// Runs `answer(snapshot, call, request, response)` where it belongs, by what `work_of` says.
template <typename Request, typename Response, typename Answer>
grpc::ServerUnaryReactor* QueryService::AnswerFromSnapshot(Unary<Request, Response>& method,
                                                           const rpc::UnaryBytes& bytes,
                                                           WorkOf<Request> work_of, Answer answer) {
  auto messages = method.messages.Take();
  const absl::Status read = rpc::ParseMessage(*bytes.request, method.bounds, messages->request());
  const absl::StatusOr<Consistency> consistency =
      read.ok() ? FromProto(messages->request().consistency()) : read;
  if (!consistency.ok()) {
    return rpc::RunUnaryAtOnce(
        method, bytes, std::move(messages),
        [&](const rpc::Call&, const Request&, Response&) { return consistency.status(); });
  }
  RateReader& rates = *dependencies_.rates;
  const std::shared_ptr<const RateSnapshot> held = rates.TrySnapshot(*consistency);
  if (held == nullptr) {
    return rpc::RunUnary(
        method, dependencies_.executors->database_calls, bytes,
        [&rates, answer, consistency](const rpc::Call& call, const Request& request,
                                      Response& response) -> absl::Status {
          ASSIGN_OR_RETURN(const auto snapshot, rates.Snapshot(*consistency, call.deadline()));
          return answer(*snapshot, call, request, response);
        },
        std::move(messages));
  }
  const auto answer_held = [held, answer, lag = rates.Lag()](
                               const rpc::Call& call, const Request& request, Response& response) {
    call.AddStaleness(lag);
    return answer(*held, call, request, response);
  };
  const int64_t work = work_of(*held, messages->request());
  if (work <= kQuickWorkMax) {
    return rpc::RunUnaryAtOnce(method, bytes, std::move(messages), answer_held);
  }
  return rpc::RunUnary(method, dependencies_.executors->ForWork(work), bytes, answer_held,
                       std::move(messages));
}

grpc::ServerUnaryReactor* QueryService::GetDailyRates(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* reply) {
  return AnswerFromSnapshot(
      get_daily_rates_, {context, request, reply}, WorkOfRates,
      [](const RateSnapshot& snapshot, const rpc::Call& call, const v1::GetDailyRatesRequest& asked,
         v1::GetDailyRatesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const RateTerms terms, TermsFromProto(asked));
        ASSIGN_OR_RETURN(const LaneAnswer answer,
                         query::GetDailyRates(snapshot, {asked.origin(), asked.destination()},
                                              terms, call.deadline()));
        ToProto(answer, response);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* QueryService::BatchGetDailyRates(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* reply) {
  return AnswerFromSnapshot(batch_get_daily_rates_, {context, request, reply}, WorkOfBatch,
                            [](const RateSnapshot& snapshot, const rpc::Call& call,
                               const v1::BatchGetDailyRatesRequest& asked,
                               v1::BatchGetDailyRatesResponse& response) -> absl::Status {
                              ASSIGN_OR_RETURN(const DailyRatesBatch batch, FromProto(asked));
                              ASSIGN_OR_RETURN(
                                  const auto answers,
                                  query::BatchGetDailyRates(snapshot, batch, call.deadline()));
                              response.set_dataset_version(snapshot.version());
                              response.set_dataset_version_id(snapshot.version_id().identity);
                              for (size_t i = 0; i < answers.size(); ++i) {
                                ToProto(asked.lanes(static_cast<int>(i)), answers[i],
                                        call.request_id(), *response.add_lanes());
                              }
                              return absl::OkStatus();
                            });
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
        ASSIGN_OR_RETURN(const ListLocationsQuery query, FromProto(asked));
        ASSIGN_OR_RETURN(const ListLocationsPage page,
                         query::ListLocations(*dependencies_.locations, query, call.deadline()));
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
        ASSIGN_OR_RETURN(
            const LocationView location,
            query::GetLocation(*dependencies_.locations, asked.code(), call.deadline()));
        ToProto(location, *response.mutable_location());
        return absl::OkStatus();
      });
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* QueryService::ExportDailyRates(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  absl::StatusOr<ExportQuery> query = ReadExportQuery(*request);
  absl::StatusOr<Consistency> required =
      query.ok() ? RequiredConsistency(*query) : absl::StatusOr<Consistency>(query.status());
  if (!required.ok()) {
    return new rpc::OutboundStream<v1::ExportDailyRatesResponse>(
        export_daily_rates_method_, dependencies_.executors->exports, context,
        limits::kExportTimeMax, nullptr,
        [refused = required.status()](const rpc::Call&, v1::ExportDailyRatesResponse&) {
          return refused;
        },
        dependencies_.exports);
  }
  const auto rate_export =
      std::make_shared<RateExport>(*std::move(query), *required, dependencies_.rates);
  bool waits = rate_export->Waits();
  Executors& executors = *dependencies_.executors;
  return new rpc::OutboundStream<v1::ExportDailyRatesResponse>(
      export_daily_rates_method_, waits ? executors.database_exports : executors.exports, context,
      limits::kExportTimeMax, nullptr,
      [rate_export, waits, lag = dependencies_.rates->Lag()](
          const rpc::Call& call,
          v1::ExportDailyRatesResponse& out) mutable -> absl::StatusOr<rpc::Step> {
        // Its version went, to make room for a newer one.
        if (!waits && rate_export->Waits()) {
          waits = true;
          return rpc::Step::kMove;
        }
        if (!waits) call.AddStaleness(std::exchange(lag, absl::ZeroDuration()));
        ASSIGN_OR_RETURN(const auto part, rate_export->Next(call.deadline()));
        if (!part) return rpc::Step::kEnd;
        ToProto(*part, rate_export->version(), out);
        return rpc::Step::kMessage;
      },
      dependencies_.exports, &executors.database_exports);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* QueryService::WatchCommits(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  v1::WatchCommitsRequest message;
  absl::Status asked = rpc::ParseMessage(*request, {}, message);
  const absl::StatusOr<VersionId> after = FromProto(message);
  asked.Update(after.status());
  auto watch = std::make_shared<CommitWatch>(dependencies_.commits, dependencies_.rates,
                                             dependencies_.clock, after.value_or(VersionId()));
  return new rpc::OutboundStream<v1::WatchCommitsResponse>(
      watch_commits_method_, dependencies_.executors->watches, context, absl::InfiniteDuration(),
      dependencies_.commit_bell,
      [watch, asked](const rpc::Call& call,
                     v1::WatchCommitsResponse& out) -> absl::StatusOr<rpc::Step> {
        RETURN_IF_ERROR(asked);
        const absl::Time patience = absl::Now() + limits::kUnaryDeadlineDefault;
        ASSIGN_OR_RETURN(const auto notice, watch->Next(call.deadline().NotAfter(patience)));
        if (!notice) return rpc::Step::kWait;
        ToProto(*notice, out);
        return rpc::Step::kMessage;
      },
      dependencies_.watches);
}

}  // namespace fairway::query
