#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "libs/base/clock.h"
#include "libs/domain/batch.h"
#include "libs/domain/location_tree.h"
#include "libs/domain/price.h"
#include "libs/series/series_run.h"
#include "libs/storage/commit_log.h"

namespace fairway::testing {

// A price as the fake keeps it.
struct StoredPrice {
  Lane lane;
  Day day;
  Price price;
};

// The state the memory stores share: what a database is to the real ones. The fake is written for
// being read, not for speed; the contract suite holds it to the behaviour of PostgreSQL.
struct MemoryDataset {
  explicit MemoryDataset(const Clock* clock) : clock(clock) {}

  struct Attempt {
    int64_t id = 0;
    BatchRecord record;
    std::vector<StoredPrice> prices;
    std::vector<RowError> errors;
  };

  struct Commit {
    CommitKind kind;
    absl::Time time;
    std::optional<BatchKey> batch;
  };

  // The next version; remembers when it was made, and by what.
  DatasetVersion Bump(CommitKind kind, std::optional<BatchKey> batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    commit_time = clock->Now();
    commits[++version] = {kind, *commit_time, std::move(batch)};
    changed.notify_all();
    return version;
  }

  const Clock* const clock;
  std::mutex mutex;
  std::condition_variable changed;  // At each new version.
  DatasetVersion version ABSL_GUARDED_BY(mutex) = 0;
  std::optional<absl::Time> commit_time ABSL_GUARDED_BY(mutex);
  std::shared_ptr<const LocationTree> tree ABSL_GUARDED_BY(mutex) =
      std::make_shared<LocationTree>();
  PortId last_port_id ABSL_GUARDED_BY(mutex) = 0;
  int64_t last_attempt_id ABSL_GUARDED_BY(mutex) = 0;
  std::map<DatasetVersion, Commit> commits ABSL_GUARDED_BY(mutex);
  std::map<BatchKey, Attempt> batches ABSL_GUARDED_BY(mutex);
  std::set<BatchKey> claimed ABSL_GUARDED_BY(mutex);  // By a writer that lives.
};

}  // namespace fairway::testing
