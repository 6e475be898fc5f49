#pragma once

#include "libs/postgres/connection_options.h"
#include "libs/postgres/pool.h"
#include "libs/storage/batch_store.h"

namespace fairway {

// BatchStore over PostgreSQL. An attempt holds its id by an advisory lock of a session of its own
// (docs/adr/0004): when the process dies, so does the session, and the id is free. Borrows the
// pool; every attempt opens one more connection. Thread-safe.
class PostgresBatchStore final : public BatchStore {
 public:
  PostgresBatchStore(postgres::Pool* pool, postgres::ConnectionOptions connection)
      : pool_(pool), connection_(std::move(connection)) {}

  absl::StatusOr<BatchClaim> Claim(const BatchKey& key, absl::string_view label,
                                   absl::Time deadline) override;
  absl::StatusOr<BatchRecord> Get(const BatchKey& key, absl::Time deadline) override;
  absl::StatusOr<BatchPage> List(const BatchFilter& filter, std::optional<int64_t> after, int limit,
                                 absl::Time deadline) override;
  absl::StatusOr<RowErrorPage> ListErrors(const BatchKey& key, std::optional<int64_t> after,
                                          int limit, absl::Time deadline) override;
  absl::StatusOr<int> SweepInterrupted(absl::Time deadline) override;

 private:
  postgres::Pool* const pool_;
  const postgres::ConnectionOptions connection_;
};

}  // namespace fairway
