#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "absl/status/statusor.h"

#include "services/ingest/upload_batch.h"

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

}  // namespace fairway::ingest
