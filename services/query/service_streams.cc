#include <memory>
#include <utility>

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/message_bytes.h"
#include "libs/rpc/server/outbound_stream.h"
#include "services/query/export_daily_rates.h"
#include "services/query/parse_catalog.h"
#include "services/query/read_rates.h"
#include "services/query/service.h"
#include "services/query/watch_commits.h"
#include "services/query/write_rates.h"
#include "services/query/write_replies.h"

// The streams of the service.
namespace fairway::query {
namespace {

absl::StatusOr<VersionId> ReadWatchCommitsRequest(const grpc::ByteBuffer& bytes) {
  v1::WatchCommitsRequest message;
  RETURN_IF_ERROR(rpc::ParseMessage(bytes, {}, message));
  return ParseWatchCommitsRequest(message);
}

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* QueryService::ExportDailyRates(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  Executors& executors = *dependencies_.executors;
  absl::StatusOr<RateExportRequest> parsed = ReadRateExportRequest(*request);
  if (!parsed.ok()) {
    return new rpc::OutboundStream(
        export_daily_rates_method_, executors.exports, context, limits::kExportTimeMax, nullptr,
        [refused = parsed.status()](const rpc::Call&, grpc::Slice&) { return refused; },
        dependencies_.exports);
  }
  const auto rate_export = std::make_shared<RateExport>(*std::move(parsed), dependencies_.rates);
  bool waits = rate_export->Waits();
  return new rpc::OutboundStream(
      export_daily_rates_method_, waits ? executors.database_exports : executors.exports, context,
      limits::kExportTimeMax, nullptr,
      [rate_export, waits, lag = dependencies_.rates->Lag()](
          const rpc::Call& call, grpc::Slice& out) mutable -> absl::StatusOr<rpc::Step> {
        // Its version went, to make room for a newer one.
        if (!waits && rate_export->Waits()) {
          waits = true;
          return rpc::Step::kMove;
        }
        if (!waits) call.AddStaleness(std::exchange(lag, absl::ZeroDuration()));
        ExportMessage message;
        RETURN_IF_ERROR(rate_export->Next(call.deadline(),
                                          [&](const NamedLane& lane, const LaneAnswer& answer) {
                                            return message.Add(lane, answer);
                                          }));
        if (message.empty()) return rpc::Step::kEnd;
        out = message.Finish(rate_export->version(), rate_export->resume_token());
        return rpc::Step::kMessage;
      },
      dependencies_.exports, &executors.database_exports);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* QueryService::WatchCommits(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  const absl::StatusOr<VersionId> after = ReadWatchCommitsRequest(*request);
  const auto watch = std::make_shared<CommitWatch>(
      dependencies_.commits, dependencies_.rates, dependencies_.clock, after.value_or(VersionId()));
  return new rpc::OutboundStream(
      watch_commits_method_, dependencies_.executors->watches, context, absl::InfiniteDuration(),
      dependencies_.commit_bell,
      [watch, refused = after.status()](const rpc::Call& call,
                                        grpc::Slice& out) -> absl::StatusOr<rpc::Step> {
        RETURN_IF_ERROR(refused);
        const absl::Time limit = absl::Now() + limits::kUnaryDeadlineDefault;
        ASSIGN_OR_RETURN(const auto notice, watch->Next(call.deadline().NotAfter(limit)));
        if (!notice) return rpc::Step::kWait;
        v1::WatchCommitsResponse message;
        ToProto(*notice, message);
        out = rpc::SerializeMessage(message);
        return rpc::Step::kMessage;
      },
      dependencies_.watches);
}

}  // namespace fairway::query
