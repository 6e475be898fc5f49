#pragma once

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"
#include "libs/postgres/copy_session_pool.h"
#include "libs/postgres/pool.h"
#include "libs/storage/batch_store.h"
#include "libs/storage/postgres/batch_store_times.h"

namespace fairway {

// BatchStore over PostgreSQL. An attempt holds its id by an advisory lock of a session of its own
// (docs/adr/0004): when the process dies, so does the session, and the id is free. Borrows the
// pool; every attempt takes one more connection, which is kept for later ones. Must outlive its
// writers. Thread-safe.
class PostgresBatchStore final : public BatchStore {
 public:
  PostgresBatchStore(postgres::Pool* pool, const postgres::ConnectionOptions& connection,
                     const BatchStoreTimes& times = {});

  absl::StatusOr<BatchClaim> Claim(const BatchKey& key, absl::string_view label,
                                   const Deadline& deadline) override;
  absl::StatusOr<BatchRecord> Get(const BatchKey& key, const Deadline& deadline) override;
  absl::StatusOr<BatchPage> List(const BatchFilter& filter, std::optional<int64_t> after, int limit,
                                 const Deadline& deadline) override;
  absl::StatusOr<RowErrorPage> ListErrors(const BatchKey& key, std::optional<int64_t> after,
                                          int limit, const Deadline& deadline) override;
  absl::StatusOr<BatchReversal> Revert(const BatchKey& key, const Deadline& deadline) override;
  absl::StatusOr<int> SweepInterrupted(const Deadline& deadline) override;

 private:
  // A session that holds the lock of `key`. BATCH_IN_PROGRESS when another session has it, and
  // still has it after `wait_max`; DATABASE_UNAVAILABLE when the session is lost or does not
  // answer.
  absl::StatusOr<std::unique_ptr<postgres::CopySession>> LockClaim(const BatchKey& key,
                                                                   absl::Duration wait_max,
                                                                   const Deadline& deadline);

  postgres::Pool* const pool_;
  const BatchStoreTimes times_;
  postgres::CopySessionPool sessions_;
};

}  // namespace fairway
