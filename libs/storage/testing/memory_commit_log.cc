#include "libs/storage/testing/memory_commit_log.h"

#include <set>

#include "libs/domain/limits.h"

namespace fairway::testing {
namespace {

std::vector<TouchedLane> LanesOf(const MemoryDataset::Attempt& attempt, const LocationTree& tree) {
  std::set<TouchedLane> lanes;
  for (const StoredPrice& price : attempt.prices) {
    lanes.insert({.origin = tree.FindPort(price.lane.origin)->code,
                  .destination = tree.FindPort(price.lane.destination)->code});
  }
  if (lanes.size() > limits::kToldLanesMax) return {};
  return {lanes.begin(), lanes.end()};
}

}  // namespace

absl::StatusOr<std::vector<CommitRecord>> MemoryCommitLog::ReadCommits(
    DatasetVersion after, DatasetVersion last, int limit, const Deadline& /*deadline*/) {
  const std::lock_guard lock(dataset_->mutex);
  std::vector<CommitRecord> records;
  for (auto commit = dataset_->commits.upper_bound(after);
       commit != dataset_->commits.end() && commit->first <= last &&
       records.size() < static_cast<size_t>(limit);
       ++commit) {
    const auto& [kind, time, key] = commit->second;
    CommitRecord& record =
        records.emplace_back(CommitRecord{.version = commit->first, .kind = kind, .time = time});
    if (!key) continue;
    const MemoryDataset::Attempt& attempt = dataset_->batches.at(*key);
    record.batch = attempt.record;
    record.lanes = LanesOf(attempt, *dataset_->tree);
  }
  return records;
}

}  // namespace fairway::testing
