#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "services/query/get_daily_rates.h"
#include "services/query/kept_snapshot.h"

namespace fairway::query {

struct ExportQuery {
  std::vector<NamedLane> lanes;  // None: every lane that has prices.
  RateTerms terms;
  Consistency consistency;
  std::string resume_token;  // Goes on where the message that had it ended, at the same version.
  std::string fingerprint;   // RequestFingerprint() of all but the token, which is bound to it.
};

// Where an export stands: as many lanes of the list as were told, or the last lane told.
struct ExportCursor {
  VersionId version;
  size_t lanes_told = 0;
  std::optional<Lane> last_lane;
};

// What snapshot an export needs: that asked for, or that of its token. INVALID_PAGE_TOKEN.
absl::StatusOr<Consistency> RequiredConsistency(const ExportQuery& query);

// The rates of many lanes at one version, part by part. Keeps the snapshot between two parts only
// while there is memory for it; memory does not grow with the number of lanes. One thread at a
// time.
class RateExport {
 public:
  struct Part {
    std::vector<std::pair<NamedLane, LaneAnswer>> lanes;
    std::string resume_token;
  };

  // `required`: RequiredConsistency() of the query. Borrows the reader.
  RateExport(ExportQuery query, const Consistency& required, RateReader* rates);

  // Whether the next part waits for the database: what it is read from is not in memory, or not any
  // more.
  bool Waits() const { return !snapshot_.is_in_memory(); }

  const VersionId& version() const { return cursor_.version; }
  // None at the end. The errors of CheckTerms(), INVALID_LOCATION and LOCATION_NOT_FOUND for any of
  // the lanes, all of them with the first part; the reader's and the snapshot's.
  absl::StatusOr<std::optional<Part>> Next(const Deadline& deadline);

 private:
  absl::StatusOr<std::shared_ptr<const RateSnapshot>> TakeSnapshot(const Deadline& deadline);
  absl::Status Open(const RateSnapshot& snapshot);
  std::string MakeToken() const;
  absl::StatusOr<std::vector<NamedLane>> NextLanes(const RateSnapshot& snapshot,
                                                   const Deadline& deadline);

  const ExportQuery query_;
  Consistency required_;  // Of the next snapshot.
  RateReader& rates_;
  KeptSnapshot snapshot_;
  bool is_open_ = false;
  CheckedTerms terms_;
  ExportCursor cursor_;
};

}  // namespace fairway::query
