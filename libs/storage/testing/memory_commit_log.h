#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/testing/memory_dataset.h"

namespace fairway::testing {

// CommitLog over memory. Thread-safe.
class MemoryCommitLog final : public CommitLog {
 public:
  explicit MemoryCommitLog(MemoryDataset* dataset) : dataset_(dataset) {}

  absl::StatusOr<CommitPage> ReadCommits(const VersionId& after, DatasetVersion last, int limit,
                                         const Deadline& deadline) override;

 private:
  MemoryDataset* const dataset_;
};

}  // namespace fairway::testing
