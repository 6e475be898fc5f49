#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "services/query/get_daily_rates.h"

namespace fairway::query {

struct ExportQuery {
  std::vector<NamedLane> lanes;  // None: every lane that has prices.
  RateTerms terms;
  Consistency consistency;
  std::string resume_token;  // Goes on where the message that had it ended, at the same version.
  std::string fingerprint;   // Of all of the above but the token, which is bound to it.
};

// Where an export stands: as many lanes of the list as were told, or the last lane told.
struct ExportCursor {
  VersionId version;
  size_t lanes_told = 0;
  std::optional<Lane> last_lane;
};

// What snapshot an export needs: that asked for, or that of its token. INVALID_PAGE_TOKEN.
absl::StatusOr<Consistency> RequiredConsistency(const ExportQuery& query);

// The rates of many lanes at one version, part by part. Holds the snapshot until it goes; memory
// does not grow with the number of lanes. One thread at a time.
class RateExport {
 public:
  struct Part {
    std::vector<std::pair<NamedLane, LaneAnswer>> lanes;
    std::string resume_token;
  };

  explicit RateExport(ExportQuery query) : query_(std::move(query)) {}

  // Before the first Next(). The errors of CheckTerms(), INVALID_LOCATION and LOCATION_NOT_FOUND
  // for any of the lanes.
  absl::Status Open(std::shared_ptr<const RateSnapshot> snapshot);

  const VersionId& version() const { return snapshot_->version_id(); }
  // None at the end. The snapshot's errors.
  absl::StatusOr<std::optional<Part>> Next(const Deadline& deadline);

 private:
  std::string MakeToken() const;
  absl::StatusOr<std::vector<NamedLane>> NextLanes(const Deadline& deadline);

  const ExportQuery query_;
  std::shared_ptr<const RateSnapshot> snapshot_;
  CheckedTerms terms_;
  ExportCursor cursor_;
};

}  // namespace fairway::query
