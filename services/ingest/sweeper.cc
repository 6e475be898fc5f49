#include "services/ingest/sweeper.h"

#include "absl/time/clock.h"

#include "libs/base/deadline.h"
#include "libs/base/pause.h"
#include "libs/domain/error_details.h"

namespace fairway::ingest {

Sweeper::Sweeper(BatchStore* batches, IngestMetrics* metrics, const observability::Logger* logger,
                 absl::Duration interval)
    : batches_(batches), metrics_(metrics), logger_(logger), thread_([this, interval] {
        while (!stop_.stop_requested()) {
          Sweep();
          Pause(interval, {absl::InfiniteFuture(), stop_.get_token()});
        }
      }) {}

Sweeper::~Sweeper() {
  stop_.request_stop();
  thread_.join();
}

void Sweeper::Sweep() {
  const Deadline deadline(absl::Now() + absl::Seconds(60), stop_.get_token());
  const absl::StatusOr<int> swept = batches_->SweepInterrupted(deadline);
  if (deadline.cancelled()) return;
  if (!swept.ok()) {
    logger_->Warning("sweep failed", {{"reason", ReasonOf(swept.status())},
                                      {"error", swept.status().message()},
                                      {"cause", CauseOf(swept.status())}});
  } else if (*swept > 0) {
    metrics_->BatchesSwept(*swept);
    logger_->Info("interrupted batches ended", {{"batches", *swept}});
  }
}

}  // namespace fairway::ingest
