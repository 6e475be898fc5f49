#include "services/ingest/metrics.h"

#include "libs/observability/gauge.h"

namespace fairway::ingest {

using observability::Gauge;

IngestMetrics::IngestMetrics(prometheus::Registry& registry)
    : batches_(prometheus::BuildCounter()
                   .Name("fairway_batches_total")
                   .Help("Uploads ended, by outcome")
                   .Register(registry)),
      committed_(batches_.Add({{"outcome", "committed"}})),
      replayed_(batches_.Add({{"outcome", "replayed"}})),
      cancelled_(batches_.Add({{"outcome", "cancelled"}})),
      failed_(batches_.Add({{"outcome", "failed"}})),
      swept_(batches_.Add({{"outcome", "swept"}})),
      prices_(prometheus::BuildCounter()
                  .Name("fairway_committed_prices_total")
                  .Help("Prices committed")
                  .Register(registry)
                  .Add({})) {}

void IngestMetrics::UploadEnded(const absl::StatusOr<UploadReceipt>& receipt) {
  if (absl::IsCancelled(receipt.status())) {
    cancelled_.Increment();
  } else if (!receipt.ok()) {
    failed_.Increment();
  } else if (receipt->replayed) {
    replayed_.Increment();
  } else {
    committed_.Increment();
    prices_.Increment(static_cast<double>(receipt->batch.content.row_count));
  }
}

std::vector<prometheus::MetricFamily> AdmissionMetrics::Collect() const {
  return {Gauge("fairway_uploads_in_flight", "Uploads that run", places_.taken()),
          Gauge("fairway_uploads_max", "Uploads that may run at a time", uploads_max_)};
}

}  // namespace fairway::ingest
