#include "libs/storage/testing/memory_commit_log.h"

#include <algorithm>
#include <set>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::testing {
namespace {

std::vector<TouchedLane> LanesOf(const MemoryDatasetContent::Attempt& attempt,
                                 const LocationTree& tree) {
  std::set<TouchedLane> lanes;
  for (const StoredPrice& price : attempt.prices) {
    lanes.insert({.origin = tree.FindPort(price.lane.origin)->code,
                  .destination = tree.FindPort(price.lane.destination)->code});
  }
  if (lanes.size() > limits::kReportedLanesMax) return {};
  return {lanes.begin(), lanes.end()};
}

absl::StatusOr<VersionId> FindInHistory(const MemoryDatasetContent& content,
                                        const VersionId& after) {
  const VersionId known = {after.number, content.IdentityOf(after.number)};
  if (after.number > content.version.number && after.identity == 0) {
    return VersionUnknownError(after.number, content.version.number);
  }
  if (after.identity != 0 && after != known) return VersionOfLostHistoryError(after.number);
  return known;
}

}  // namespace

absl::StatusOr<CommitPage> MemoryCommitLog::ReadCommits(const VersionId& after, DatasetVersion last,
                                                        int limit, const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  const MemoryDatasetContent& content = dataset_->content;
  CommitPage page;
  ASSIGN_OR_RETURN(page.after, FindInHistory(content, after));
  last = std::min(last, content.version.number);
  for (DatasetVersion next = after.number + 1;
       next <= last && page.commits.size() < static_cast<size_t>(limit); ++next) {
    const auto commit = content.commits.find(next);
    if (commit == content.commits.end()) break;
    const auto& [identity, kind, time, key] = commit->second;
    CommitRecord& record = page.commits.emplace_back(
        CommitRecord{.version = {next, identity}, .kind = kind, .time = time});
    if (!key) continue;
    const MemoryDatasetContent::Attempt& attempt = content.batches.at(*key);
    record.batch = attempt.record;
    record.lanes = LanesOf(attempt, *content.tree);
  }
  if (page.commits.empty() && last > after.number) return VersionPurgedError(after.number);
  return page;
}

}  // namespace fairway::testing
