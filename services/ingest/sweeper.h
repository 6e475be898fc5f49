#pragma once

#include <stop_token>
#include <thread>

#include "absl/time/time.h"

#include "libs/observability/log.h"
#include "libs/storage/batch_store.h"
#include "services/ingest/metrics.h"

namespace fairway::ingest {

// Ends the batches of tasks that died, now and then. Owns its thread, borrows the rest.
class Sweeper {
 public:
  Sweeper(BatchStore* batches, IngestMetrics* metrics, const observability::Logger* logger,
          absl::Duration interval);
  ~Sweeper();

 private:
  void Sweep();

  BatchStore* const batches_;
  IngestMetrics* const metrics_;
  const observability::Logger* const logger_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace fairway::ingest
