#pragma once

#include <grpcpp/support/slice.h>

#include "absl/status/statusor.h"
#include "fairway/v1/rate_query_service.grpc.pb.h"

#include "libs/base/clock.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/rpc/server/bell.h"
#include "libs/rpc/server/call.h"
#include "libs/rpc/server/one_request_service.h"
#include "libs/rpc/server/open_streams.h"
#include "libs/rpc/server/unary.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/location_store.h"
#include "libs/storage/rate_reader.h"
#include "services/query/executors.h"
#include "services/query/kept_replies.h"

namespace fairway::query {

// Methods whose messages are bytes for gRPC: all of them.
template <typename Base>
using RawUnaryQueries = v1::RateQueryService::WithRawCallbackMethod_GetDailyRates<
    v1::RateQueryService::WithRawCallbackMethod_BatchGetDailyRates<
        v1::RateQueryService::WithRawCallbackMethod_GetDataset<
            v1::RateQueryService::WithRawCallbackMethod_ListLocations<
                v1::RateQueryService::WithRawCallbackMethod_GetLocation<Base>>>>>;
using RawQueries = RawUnaryQueries<v1::RateQueryService::WithRawCallbackMethod_ExportDailyRates<
    v1::RateQueryService::WithRawCallbackMethod_WatchCommits<v1::RateQueryService::Service>>>;

// The RateQueryService of the contract: parses requests, runs operations, writes replies. What the
// memory answers within microseconds is answered on gRPC's own threads; nothing else runs there.
// Requests have a time limit, except those of GetDailyRates: to read them ourselves would take a
// third more CPU for each.
// Borrows its arguments.
class QueryService final : public rpc::OneRequestService<RawQueries> {
 public:
  struct Dependencies {
    RateReader* rates;
    LocationReader* locations;
    CommitLog* commits;
    const Clock* clock;
    Executors* executors;
    rpc::Bell* commit_bell;  // Rung at each new version.
    rpc::OpenStreams* exports;
    rpc::OpenStreams* watches;
    observability::RpcMetrics* rpc_metrics;
    const observability::Logger* logger;
  };

  explicit QueryService(const Dependencies& dependencies);

  grpc::ServerUnaryReactor* GetDailyRates(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* BatchGetDailyRates(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* GetDataset(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* ListLocations(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* reply) override;
  grpc::ServerUnaryReactor* GetLocation(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* reply) override;

  grpc::ServerWriteReactor<grpc::ByteBuffer>* ExportDailyRates(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchCommits(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;

 private:
  template <typename Request, typename Response>
  using Unary = rpc::UnaryMethod<Request, Response>;

  // What AnswerFromSnapshot() does for one method. `Request` has a consistency.
  template <typename Request>
  struct SnapshotQuery {
    absl::StatusOr<Request> (*read)(const grpc::ByteBuffer& bytes);
    int64_t (*estimate_work)(const RateSnapshot& snapshot, const Request& request);
    absl::StatusOr<grpc::Slice> (*answer)(const RateSnapshot& snapshot, const rpc::Call& call,
                                          const Request& request, rpc::Executor* helpers);
    KeptReplies* replies = nullptr;  // Where answers from memory are kept.
  };
  template <typename Request>
  grpc::ServerUnaryReactor* AnswerFromSnapshot(const rpc::Method& method,
                                               const rpc::UnaryBytes& bytes,
                                               const SnapshotQuery<Request>& query);
  // From the snapshot that is held; the reply is kept when its request, `bytes`, asks for the
  // newest.
  template <typename Request>
  static absl::StatusOr<grpc::Slice> AnswerAndKeep(const SnapshotQuery<Request>& query,
                                                   const RateSnapshot& held, const rpc::Call& call,
                                                   const Request& request,
                                                   const grpc::ByteBuffer& bytes,
                                                   rpc::Executor* helpers);

  // Answers with a reply that was kept at the version that is held now; null when there is none.
  grpc::ServerUnaryReactor* AnswerAgain(const rpc::Method& method, const rpc::UnaryBytes& bytes,
                                        const KeptReplies& replies);

  const Dependencies dependencies_;
  KeptReplies rates_replies_;
  const rpc::Method get_daily_rates_method_;
  const rpc::Method batch_get_daily_rates_method_;
  Unary<v1::GetDatasetRequest, v1::GetDatasetResponse> get_dataset_;
  Unary<v1::ListLocationsRequest, v1::ListLocationsResponse> list_locations_;
  Unary<v1::GetLocationRequest, v1::GetLocationResponse> get_location_;
  const rpc::Method export_daily_rates_method_;
  const rpc::Method watch_commits_method_;
};

}  // namespace fairway::query
