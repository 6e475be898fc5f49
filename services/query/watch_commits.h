#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/base/deadline.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/rate_reader.h"

namespace fairway::query {

// Reports what each version of one history changed, from one version on, up to the newest that
// queries can read here. One thread at a time. Borrows its arguments.
class CommitWatch {
 public:
  // A commit, or, without one, that everything up to `version` was reported.
  struct Notice {
    std::optional<CommitRecord> commit;
    VersionId version;
  };

  CommitWatch(CommitLog* log, RateReader* rates, const Clock* clock, const VersionId& after)
      : log_(*log), rates_(*rates), clock_(*clock), reported_(after), last_notice_(clock->Now()) {}

  // None while there is nothing to report; a heartbeat after kWatchHeartbeat without a report.
  // VERSION_PURGED, VERSION_UNKNOWN, and the other errors of log and reader.
  absl::StatusOr<std::optional<Notice>> Next(const Deadline& deadline);

 private:
  absl::StatusOr<VersionId> Newest(const Deadline& deadline);

  CommitLog& log_;
  RateReader& rates_;
  const Clock& clock_;
  VersionId reported_;  // Without an identity until it was looked up.
  absl::Time last_notice_;
  std::vector<CommitRecord> ahead_;  // Read and not reported yet, the next one last.
};

}  // namespace fairway::query
