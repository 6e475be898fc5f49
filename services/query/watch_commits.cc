#include "services/query/watch_commits.h"

#include <algorithm>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"

namespace fairway::query {
namespace {

constexpr int kReadAhead = 100;

}  // namespace

absl::StatusOr<std::optional<CommitWatch::Notice>> CommitWatch::Next(const Deadline& deadline) {
  if (ahead_.empty()) {
    ASSIGN_OR_RETURN(const VersionId newest, Newest(deadline));
    // Also when the newest has a lower number, or the same one: then the log says whether it only
    // is late here or belongs to another history.
    if (newest != reported_) {
      ASSIGN_OR_RETURN(CommitPage page,
                       log_.ReadCommits(reported_, newest.number, kReadAhead, deadline));
      reported_ = page.after;
      ahead_ = std::move(page.commits);
      std::reverse(ahead_.begin(), ahead_.end());
    }
  }
  Notice notice{.version = reported_};
  if (!ahead_.empty()) {
    notice.commit = std::move(ahead_.back());
    ahead_.pop_back();
    notice.version = reported_ = notice.commit->version;
  } else if (clock_.Now() - last_notice_ < limits::kWatchHeartbeat) {
    return std::nullopt;
  }
  last_notice_ = clock_.Now();
  return notice;
}

absl::StatusOr<VersionId> CommitWatch::Newest(const Deadline& deadline) {
  if (const auto held = rates_.TrySnapshot(NewestHeld{})) return held->version_id();
  ASSIGN_OR_RETURN(const auto snapshot, rates_.Snapshot(NewestHeld{}, deadline));
  return snapshot->version_id();
}

}  // namespace fairway::query
