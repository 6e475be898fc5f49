#include "libs/storage/testing/memory_commit_log.h"

namespace fairway::testing {

absl::StatusOr<std::vector<CommitRecord>> MemoryCommitLog::ReadCommits(DatasetVersion after,
                                                                       DatasetVersion last,
                                                                       int limit,
                                                                       absl::Time /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  std::vector<CommitRecord> records;
  for (auto commit = dataset_->commits.upper_bound(after);
       commit != dataset_->commits.end() && commit->first <= last &&
       records.size() < static_cast<size_t>(limit);
       ++commit) {
    const auto& [kind, time, key] = commit->second;
    CommitRecord& record =
        records.emplace_back(CommitRecord{.version = commit->first, .kind = kind, .time = time});
    if (key) record.batch = dataset_->batches.at(*key).record;
  }
  return records;
}

}  // namespace fairway::testing
