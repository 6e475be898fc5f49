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
    ASSIGN_OR_RETURN(const DatasetVersion newest, Newest(deadline));
    if (newest > told_) {
      ASSIGN_OR_RETURN(ahead_, log_.ReadCommits(told_, newest, kReadAhead, deadline));
      std::reverse(ahead_.begin(), ahead_.end());
    }
  }
  Notice notice{.version = told_};
  if (!ahead_.empty()) {
    notice.commit = std::move(ahead_.back());
    ahead_.pop_back();
    notice.version = told_ = notice.commit->version;
  } else if (clock_.Now() - last_notice_ < limits::kWatchHeartbeat) {
    return std::nullopt;
  }
  last_notice_ = clock_.Now();
  return notice;
}

absl::StatusOr<DatasetVersion> CommitWatch::Newest(const Deadline& deadline) {
  if (const auto held = rates_.TrySnapshot(NewestHeld{})) return held->version();
  ASSIGN_OR_RETURN(const auto snapshot, rates_.Snapshot(NewestHeld{}, deadline));
  return snapshot->version();
}

}  // namespace fairway::query
