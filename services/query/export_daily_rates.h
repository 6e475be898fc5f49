#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "services/query/get_daily_rates.h"
#include "services/query/kept_snapshot.h"

namespace fairway::query {

// The rates of many lanes at one version, part by part. Keeps the snapshot between two parts only
// while there is memory for it, and the rates of one lane; memory does not grow with the number of
// lanes. One thread at a time.
class RateExport {
 public:
  // Adds a lane to a part, or returns false where it has no room for it. An empty one has.
  using AddLane = absl::FunctionRef<bool(const NamedLane& lane, const LaneAnswer& answer)>;

  // Borrows the reader.
  RateExport(RateExportRequest request, RateReader* rates);

  // Whether the next part waits for the database: what it is read from is not in memory, or not any
  // more.
  bool Waits() const { return !snapshot_.is_in_memory(); }

  const VersionId& version() const { return cursor_.version; }
  // Adds the lanes of the next part; none at the end. The lane that found no room begins the part
  // after it. LOCATION_NOT_FOUND for any of the lanes, all of them with the first part; the
  // reader's and the snapshot's errors.
  absl::Status Next(const Deadline& deadline, AddLane add);
  // An export that begins with it goes on behind the last lane that was added.
  std::string resume_token() const { return FormatResumeToken(request_.fingerprint, cursor_); }

 private:
  struct LaneRates {
    NamedLane lane;
    LaneAnswer answer;
  };

  absl::StatusOr<std::shared_ptr<const RateSnapshot>> TakeSnapshot(const Deadline& deadline);
  absl::Status Open(const RateSnapshot& snapshot);
  absl::StatusOr<std::optional<LaneRates>> ReadNext(const RateSnapshot& snapshot,
                                                    const Deadline& deadline);
  absl::StatusOr<std::optional<NamedLane>> NameNext(const RateSnapshot& snapshot,
                                                    const Deadline& deadline);
  void PassNext();

  const RateExportRequest request_;
  Consistency required_;  // Of the next snapshot.
  RateReader& rates_;
  KeptSnapshot snapshot_;
  bool is_open_ = false;
  ExportCursor cursor_;            // Behind the lanes that were added.
  std::deque<Lane> listed_;        // Those that follow it, where the request names none.
  bool lists_more_ = true;         // There may be some behind these.
  std::optional<LaneRates> next_;  // The lane behind the cursor, once it was read.
};

}  // namespace fairway::query
