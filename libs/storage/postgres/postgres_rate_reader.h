#pragma once

#include "libs/postgres/pool.h"
#include "libs/storage/postgres/location_rows.h"
#include "libs/storage/rate_reader.h"

namespace fairway {

// RateReader over PostgreSQL: every answer is a REPEATABLE READ snapshot, so version, locations and
// prices belong together. Slower than memory and never stale. Borrows the pool. Thread-safe.
class PostgresRateReader final : public RateReader {
 public:
  explicit PostgresRateReader(postgres::Pool* pool) : pool_(pool) {}

  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query, absl::Time deadline) override;
  absl::StatusOr<DatasetSummary> ReadDataset(absl::Time deadline) override;

 private:
  postgres::Pool* const pool_;
  LocationTreeCache cache_;
};

}  // namespace fairway
