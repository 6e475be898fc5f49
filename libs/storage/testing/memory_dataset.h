#pragma once

#include <atomic>
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

// What a database would hold on disk: may be copied as a backup, and put back.
struct MemoryDatasetContent {
  struct Attempt {
    int64_t id = 0;
    BatchRecord record;
    std::vector<StoredPrice> prices;
    std::vector<RowError> errors;
  };

  struct Commit {
    VersionIdentity identity = 0;
    CommitKind kind = CommitKind::kLocations;
    absl::Time time;
    std::optional<BatchKey> batch;
  };

  VersionIdentity IdentityOf(DatasetVersion number) const {
    const auto commit = commits.find(number);
    return commit == commits.end() ? 0 : commit->second.identity;
  }
  bool Contains(const VersionId& id) const { return IdentityOf(id.number) == id.identity; }

  VersionId version;
  std::optional<absl::Time> commit_time;
  std::shared_ptr<const LocationTree> tree;
  PortId last_port_id = 0;
  int64_t last_attempt_id = 0;
  std::map<DatasetVersion, Commit> commits;  // And what version 0 is.
  std::map<BatchKey, Attempt> batches;
};

// The state the memory stores share: what a database is to the real ones. The fake is written for
// being read, not for speed; the contract suite holds it to the behaviour of PostgreSQL.
struct MemoryDataset {
  explicit MemoryDataset(const Clock* clock) : clock(clock) {
    content.version.identity = NewIdentity();
    content.commits[0] = {.identity = content.version.identity};
    content.tree = std::make_shared<LocationTree>(*LocationTree::Build({}, {}, content.version));
  }

  static VersionIdentity NewIdentity() {
    static std::atomic<VersionIdentity> last = 0;
    return ++last;
  }

  // The next version; remembers when it was made, and by what.
  VersionId Bump(CommitKind kind, std::optional<BatchKey> batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    content.commit_time = clock->Now();
    content.version = {content.version.number + 1, NewIdentity()};
    content.commits[content.version.number] = {.identity = content.version.identity,
                                               .kind = kind,
                                               .time = *content.commit_time,
                                               .batch = std::move(batch)};
    changed.notify_all();
    return content.version;
  }

  const Clock* const clock;
  std::mutex mutex;
  std::condition_variable_any changed;  // At each new version.
  MemoryDatasetContent content ABSL_GUARDED_BY(mutex);
  std::set<BatchKey> claimed ABSL_GUARDED_BY(mutex);  // By a writer that lives.
};

}  // namespace fairway::testing
