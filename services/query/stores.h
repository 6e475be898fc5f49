#pragma once

#include <functional>
#include <stop_token>

#include "absl/status/status.h"

#include "libs/observability/admin_server.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/dataset_source.h"
#include "libs/storage/location_store.h"
#include "libs/storage/rate_reader.h"

namespace fairway::query {

// What the service reads from. Thread-safe.
class Stores {
 public:
  virtual ~Stores() = default;

  virtual RateReader& rates() = 0;
  virtual LocationReader& locations() = 0;
  virtual CommitLog& commits() = 0;
  // What the book is fed from. No number of queries makes it wait.
  virtual DatasetSource& source() = 0;

  virtual observability::MetricSources metric_sources() = 0;
  // As HostedService does.
  using OnWait = std::function<void(const absl::Status& why)>;
  virtual bool AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) = 0;
};

}  // namespace fairway::query
