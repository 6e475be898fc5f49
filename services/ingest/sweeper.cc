#include "services/ingest/sweeper.h"

#include "libs/base/deadline.h"
#include "libs/domain/error_details.h"

namespace fairway::ingest {
namespace {

constexpr absl::Duration kSweepInterval = absl::Seconds(30);
constexpr absl::Duration kSweepTimeMax = absl::Seconds(60);

}  // namespace

Sweeper::Sweeper(BatchStore* batches, IngestMetrics* metrics, const Clock* clock,
                 const observability::Logger* logger)
    : batches_(*batches),
      metrics_(*metrics),
      clock_(*clock),
      logger_(*logger),
      sweeps_(clock, [this](const std::stop_token& stop) {
        Sweep(stop);
        return clock_.Now() + kSweepInterval;
      }) {}

void Sweeper::Sweep(const std::stop_token& stop) {
  const Deadline deadline(clock_.Now() + kSweepTimeMax, stop);
  const absl::StatusOr<int> swept = batches_.SweepInterrupted(deadline);
  if (deadline.cancelled()) return;
  if (!swept.ok()) {
    logger_.Warning("sweep failed", {{"reason", ReasonOf(swept.status())},
                                     {"error", swept.status().message()},
                                     {"cause", CauseOf(swept.status())}});
  } else if (*swept > 0) {
    metrics_.BatchesSwept(*swept);
    logger_.Info("interrupted batches ended", {{"batches", *swept}});
  }
}

}  // namespace fairway::ingest
