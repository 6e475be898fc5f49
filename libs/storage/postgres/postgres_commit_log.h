#pragma once

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/storage/commit_log.h"

namespace fairway {

// CommitLog over PostgreSQL. Borrows the pool. Thread-safe.
class PostgresCommitLog final : public CommitLog {
 public:
  explicit PostgresCommitLog(postgres::Pool* pool) : pool_(pool) {}

  absl::StatusOr<CommitPage> ReadCommits(const VersionId& after, DatasetVersion last, int limit,
                                         const Deadline& deadline) override;

 private:
  postgres::Pool* const pool_;
};

}  // namespace fairway
