#include "services/ingest/sweeper.h"

#include "absl/time/clock.h"

#include "libs/domain/error_details.h"

namespace fairway::ingest {

Sweeper::Sweeper(BatchStore* batches, IngestMetrics* metrics, const observability::Logger* logger,
                 absl::Duration interval)
    : batches_(batches), metrics_(metrics), logger_(logger), thread_([this, interval] {
        do {
          Sweep();
        } while (!stop_.WaitForNotificationWithTimeout(interval));
      }) {}

Sweeper::~Sweeper() {
  stop_.Notify();
  thread_.join();
}

void Sweeper::Sweep() {
  const absl::StatusOr<int> swept = batches_->SweepInterrupted(absl::Now() + absl::Seconds(60));
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
