#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/domain/consistency.h"
#include "libs/domain/daily_rate.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/day.h"
#include "libs/domain/limits.h"
#include "libs/domain/location_tree.h"
#include "libs/domain/price.h"

namespace fairway {

// One lane and range. Origin and destination are port codes or region slugs, already of the right
// form; whether they exist is for the reader to say.
struct RateQuery {
  std::string origin;
  std::string destination;
  DayRange days;
  // Whether percentiles are wanted, and from how many prices a day has them.
  bool with_percentiles = false;
  int64_t min_price_count = limits::kMinPriceCount;
};

// What is looked at for an answer.
struct ReadingSize {
  int64_t lanes = 0;   // One where there are totals.
  int64_t prices = 0;  // Of these lanes, on the days of the query; none where there are totals.

  friend bool operator==(const ReadingSize&, const ReadingSize&) = default;
};

// What a reader answers from.
struct DatasetSummary {
  VersionId newest_version;
  std::optional<absl::Time> newest_commit_time;  // None at version 0.
  VersionId held_version;
  absl::Duration lag;
  int64_t price_count = 0;
  int64_t lane_count = 0;
  int64_t port_count = 0;
  int64_t region_count = 0;
  int64_t memory_bytes = 0;
  std::string engine;  // "sql" or "memory".
};

// All prices of one version, whole batches only, for as long as it is held. Thread-safe.
class RateSnapshot {
 public:
  virtual ~RateSnapshot() = default;

  // For readers that come back over a long time: while one holds this lease, and the snapshot
  // weakly, the snapshot is kept as long as there is memory for it. Null where snapshots take none.
  virtual std::shared_ptr<const void> lease() const { return nullptr; }

  virtual const VersionId& version_id() const = 0;
  DatasetVersion version() const { return version_id().number; }
  virtual const LocationTree& locations() const = 0;

  // One entry for every day of the range, ascending.
  // LOCATION_NOT_FOUND; DEADLINE_EXCEEDED, DATABASE_UNAVAILABLE and, once the version's history is
  // lost, VERSION_PURGED where a database is asked.
  virtual absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                                    const Deadline& deadline) const = 0;

  // About what that would look at. Takes some microseconds at most.
  static constexpr int64_t kUnknownLanes = int64_t{1} << 32;
  virtual ReadingSize EstimateReading(const RateQuery& /*query*/) const {
    return {.lanes = kUnknownLanes};
  }

  // The lanes that have prices, ascending, `limit` at most, those after `after`.
  // DEADLINE_EXCEEDED, DATABASE_UNAVAILABLE and VERSION_PURGED where a database is asked.
  virtual absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                                      const Deadline& deadline) const = 0;
};

// Where snapshots come from. Thread-safe.
class RateReader {
 public:
  virtual ~RateReader() = default;

  // The snapshot, if neither opening it nor reading from it ever waits; null otherwise.
  virtual std::shared_ptr<const RateSnapshot> TrySnapshot(const Consistency& /*consistency*/) {
    return nullptr;
  }
  // For how long the snapshot of TrySnapshot may not have been the newest; zero while it is.
  virtual absl::Duration Lag() const { return absl::ZeroDuration(); }

  // VERSION_NOT_YET_VISIBLE when no version is as fresh as required, VERSION_UNKNOWN when none will
  // be soon; VERSION_PURGED when today's history does not contain the version with the required
  // identity; DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE where a database is asked.
  virtual absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(
      const Consistency& consistency, const Deadline& deadline) = 0;

  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE where a database is asked.
  virtual absl::StatusOr<DatasetSummary> ReadDataset(const Deadline& deadline) = 0;
};

}  // namespace fairway
