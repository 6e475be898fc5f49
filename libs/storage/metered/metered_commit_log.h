#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/commit_log.h"
#include "libs/storage/metered/store_metrics.h"

namespace fairway {

// A CommitLog with metrics. Borrows the log. Thread-safe.
class MeteredCommitLog final : public CommitLog {
 public:
  MeteredCommitLog(CommitLog* log, StoreMetrics* metrics)
      : log_(*log), read_commits_(metrics->ForOperation("read_commits")) {}

  absl::StatusOr<CommitPage> ReadCommits(const VersionId& after, DatasetVersion last, int limit,
                                         const Deadline& deadline) override {
    return read_commits_.Measure([&] { return log_.ReadCommits(after, last, limit, deadline); });
  }

 private:
  CommitLog& log_;
  const OperationMetrics read_commits_;
};

}  // namespace fairway
