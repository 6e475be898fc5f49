#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "services/query/get_daily_rates.h"
#include "services/query/kept_snapshot.h"

namespace fairway::query {

// The rates of many lanes at one version, part by part. Keeps the snapshot between two parts only
// while there is memory for it; memory does not grow with the number of lanes. One thread at a
// time.
class RateExport {
 public:
  struct Part {
    std::vector<std::pair<NamedLane, LaneAnswer>> lanes;
    std::string resume_token;
  };

  // Borrows the reader.
  RateExport(RateExportRequest request, RateReader* rates);

  // Whether the next part waits for the database: what it is read from is not in memory, or not any
  // more.
  bool Waits() const { return !snapshot_.is_in_memory(); }

  const VersionId& version() const { return cursor_.version; }
  // None at the end. LOCATION_NOT_FOUND for any of the lanes, all of them with the first part; the
  // reader's and the snapshot's errors.
  absl::StatusOr<std::optional<Part>> Next(const Deadline& deadline);

 private:
  absl::StatusOr<std::shared_ptr<const RateSnapshot>> TakeSnapshot(const Deadline& deadline);
  absl::Status Open(const RateSnapshot& snapshot);
  absl::StatusOr<std::vector<NamedLane>> NextLanes(const RateSnapshot& snapshot,
                                                   const Deadline& deadline);
  std::vector<NamedLane> NextRequestedLanes(size_t count);

  const RateExportRequest request_;
  Consistency required_;  // Of the next snapshot.
  RateReader& rates_;
  KeptSnapshot snapshot_;
  bool is_open_ = false;
  ExportCursor cursor_;
};

}  // namespace fairway::query
