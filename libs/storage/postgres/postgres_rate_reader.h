#pragma once

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/storage/postgres/location_rows.h"
#include "libs/storage/rate_reader.h"

namespace fairway {

// RateReader over PostgreSQL. A snapshot is a version and the location tree that was current with
// it; since the batches a version shows are fixed for ever, it costs nothing to hold, any version
// can be read, and every reading is a transaction of its own. Slower than memory and never stale.
// Borrows the pool, which must outlive the snapshots. Thread-safe.
class PostgresRateReader final : public RateReader {
 public:
  explicit PostgresRateReader(postgres::Pool* pool) : pool_(pool) {}

  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency& consistency,
                                                               const Deadline& deadline) override;
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline& deadline) override;

 private:
  postgres::Pool* const pool_;
  LocationTreeCache cache_;
};

}  // namespace fairway
