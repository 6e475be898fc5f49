#pragma once

#include "fairway/v1/rate_query_service.grpc.pb.h"

#include "libs/base/clock.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/rpc/arena_allocator.h"
#include "libs/rpc/bell.h"
#include "libs/rpc/call.h"
#include "libs/rpc/executor.h"
#include "libs/rpc/open_streams.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/location_store.h"
#include "libs/storage/rate_reader.h"

namespace fairway::query {

// The RateQueryService of the contract: reads messages, runs operations, writes replies. What the
// memory answers without computing for long is answered on gRPC's own threads; nothing else runs
// there. Borrows what it is given.
class QueryService final : public v1::RateQueryService::CallbackService {
 public:
  struct Dependencies {
    RateReader* rates;
    LocationReader* locations;
    CommitLog* commits;
    const Clock* clock;
    rpc::Executor* database_calls;  // What may wait for the database.
    rpc::Executor* computations;    // What takes a while, and waits for nothing.
    rpc::Bell* commit_bell;         // Rung at each new version.
    rpc::OpenStreams* exports;
    rpc::OpenStreams* watches;
    rpc::Executor* catalog_calls;  // GetDataset and the locations: one of the two.
    observability::RpcMetrics* rpc_metrics;
    const observability::Logger* logger;
  };

  explicit QueryService(const Dependencies& dependencies);

  grpc::ServerUnaryReactor* GetDailyRates(grpc::CallbackServerContext* context,
                                          const v1::GetDailyRatesRequest* request,
                                          v1::GetDailyRatesResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetDailyRates(grpc::CallbackServerContext* context,
                                               const v1::BatchGetDailyRatesRequest* request,
                                               v1::BatchGetDailyRatesResponse* response) override;
  grpc::ServerUnaryReactor* GetDataset(grpc::CallbackServerContext* context,
                                       const v1::GetDatasetRequest* request,
                                       v1::GetDatasetResponse* response) override;
  grpc::ServerUnaryReactor* ListLocations(grpc::CallbackServerContext* context,
                                          const v1::ListLocationsRequest* request,
                                          v1::ListLocationsResponse* response) override;
  grpc::ServerUnaryReactor* GetLocation(grpc::CallbackServerContext* context,
                                        const v1::GetLocationRequest* request,
                                        v1::GetLocationResponse* response) override;

  grpc::ServerWriteReactor<v1::ExportDailyRatesResponse>* ExportDailyRates(
      grpc::CallbackServerContext* context, const v1::ExportDailyRatesRequest* request) override;
  grpc::ServerWriteReactor<v1::WatchCommitsResponse>* WatchCommits(
      grpc::CallbackServerContext* context, const v1::WatchCommitsRequest* request) override;

 private:
  template <typename Answer>
  grpc::ServerUnaryReactor* AnswerFromSnapshot(const rpc::Method& method,
                                               grpc::CallbackServerContext* context,
                                               const v1::Consistency& asked, bool is_quick,
                                               Answer answer);
  rpc::Method MakeMethod(absl::string_view type, absl::string_view name) const;

  rpc::ArenaAllocator<v1::GetDailyRatesRequest, v1::GetDailyRatesResponse> daily_rates_messages_;
  const Dependencies dependencies_;
  const rpc::Method get_daily_rates_method_;
  const rpc::Method get_dataset_method_;
  const rpc::Method list_locations_method_;
  const rpc::Method get_location_method_;
  const rpc::Method batch_get_daily_rates_method_;
  const rpc::Method export_daily_rates_method_;
  const rpc::Method watch_commits_method_;
};

}  // namespace fairway::query
