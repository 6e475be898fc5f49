#pragma once

#include <stop_token>

#include "libs/base/clock.h"
#include "libs/base/periodic_task.h"
#include "libs/observability/log.h"
#include "libs/storage/batch_store.h"
#include "services/ingest/metrics.h"

namespace fairway::ingest {

// Ends the batches of tasks that died, every 30 seconds. A sweep that fails is logged and left to
// the next one. Owns its thread, borrows the rest.
class Sweeper {
 public:
  Sweeper(BatchStore* batches, IngestMetrics* metrics, const Clock* clock,
          const observability::Logger* logger);

 private:
  void Sweep(const std::stop_token& stop);

  BatchStore& batches_;
  IngestMetrics& metrics_;
  const Clock& clock_;
  const observability::Logger& logger_;
  PeriodicTask sweeps_;  // Last: it uses the rest.
};

}  // namespace fairway::ingest
