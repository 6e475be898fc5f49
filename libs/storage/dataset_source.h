#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/location_tree.h"
#include "libs/series/series_run.h"

namespace fairway {

// What a version is made of.
struct DatasetState {
  VersionId version;
  std::optional<absl::Time> commit_time;  // None at version 0.
  // The same object as long as no location changed. See ReadChanges().
  std::shared_ptr<const LocationTree> locations;
};

// What happened between an older version and `state`, all read in one snapshot.
struct DatasetChanges {
  DatasetState state;
  // Whether the history of `state` contains the older version. If it does not, or that is not known
  // any more, nothing leads from the one to the other.
  bool continues = true;
  // The numbers of batches that became visible, or were visible and are not any more.
  std::vector<int64_t> added_batches;
  std::vector<int64_t> removed_batches;
  int64_t price_count = 0;  // Of all these batches.

  bool has_batches() const { return !added_batches.empty() || !removed_batches.empty(); }
};

// Ports of origin, by their numbers; both ends belong to it. All of them unless said otherwise.
struct OriginRange {
  PortId first = std::numeric_limits<PortId>::min();
  PortId last = std::numeric_limits<PortId>::max();
};

// Takes one series after the other, each valid during the call. A failure ends the reading.
using SeriesSink = absl::FunctionRef<absl::Status(const Series&)>;

// Reads the series of batches, which never change, over a session of its own. One thread at a time.
class SeriesReader {
 public:
  virtual ~SeriesReader() = default;

  // The series of one batch from `origins`, ascending by lane, or all series from `origin` that
  // `version` shows, ascending by destination. The sink's own failure; DEADLINE_EXCEEDED;
  // DATABASE_UNAVAILABLE.
  virtual absl::Status ReadBatch(int64_t batch, const OriginRange& origins, SeriesSink sink) = 0;
  virtual absl::Status ReadOrigin(DatasetVersion version, PortId origin, SeriesSink sink) = 0;
};

// What a price book is fed from. Thread-safe.
class DatasetSource {
 public:
  virtual ~DatasetSource() = default;

  // The newest version. DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<DatasetState> ReadState(const Deadline& deadline) = 0;
  // The newest version and what leads there from `after`. DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  absl::StatusOr<DatasetChanges> ReadChanges(const VersionId& after, const Deadline& deadline) {
    return ReadChanges(after, /*tree_alone=*/true, deadline);
  }
  // The same. Unless `tree_alone`, the locations, which take long to read, are left out (null)
  // where no batch came or went.
  virtual absl::StatusOr<DatasetChanges> ReadChanges(const VersionId& after, bool tree_alone,
                                                     const Deadline& deadline) = 0;

  // A reader of what `version` and those before it are made of. `deadline` becomes the reader's.
  // VERSION_PURGED when the history that its session reads does not contain `version`: by then it
  // may be another server's. DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<std::unique_ptr<SeriesReader>> OpenReader(const VersionId& version,
                                                                   const Deadline& deadline) = 0;

  // Waits until there may be a new version, or until `deadline` or its cancellation.
  // DATABASE_UNAVAILABLE, at once, when notifications cannot be received.
  virtual absl::Status AwaitCommit(const Deadline& deadline) = 0;
};

}  // namespace fairway
