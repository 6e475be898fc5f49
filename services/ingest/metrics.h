#pragma once

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <vector>

#include "absl/status/statusor.h"

#include "services/ingest/upload_batch.h"
#include "services/ingest/upload_places.h"

namespace fairway::ingest {

// What operators watch beside the calls themselves. Thread-safe.
class IngestMetrics {
 public:
  explicit IngestMetrics(prometheus::Registry& registry);

  void UploadEnded(const absl::StatusOr<UploadReceipt>& receipt);
  void BatchesSwept(int count) { swept_.Increment(count); }

 private:
  prometheus::Family<prometheus::Counter>& batches_;
  prometheus::Counter& committed_;
  prometheus::Counter& replayed_;
  prometheus::Counter& cancelled_;
  prometheus::Counter& failed_;
  prometheus::Counter& swept_;
  prometheus::Counter& prices_;
};

// How busy this task is, read when it is asked for: fairway_uploads_in_flight, and
// fairway_uploads_max, which it may reach. What tasks are added and protected by. Borrows the
// places. Thread-safe.
class AdmissionMetrics final : public prometheus::Collectable {
 public:
  AdmissionMetrics(const UploadPlaces* places, int uploads_max)
      : places_(*places), uploads_max_(uploads_max) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const UploadPlaces& places_;
  const int uploads_max_;
};

}  // namespace fairway::ingest
