#pragma once

#include <memory>

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/storage/rate_reader.h"

namespace fairway {

// A version of the data set in PostgreSQL: see PostgresRateReader. Borrows the pool. Thread-safe.
class PostgresRateSnapshot final : public RateSnapshot {
 public:
  PostgresRateSnapshot(postgres::Pool* pool, DatasetVersion version,
                       std::shared_ptr<const LocationTree> locations)
      : pool_(pool), version_(version), locations_(std::move(locations)) {}

  DatasetVersion version() const override { return version_; }
  const LocationTree& locations() const override { return *locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline& deadline) const override;
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                              const Deadline& deadline) const override;

 private:
  postgres::Pool* const pool_;
  const DatasetVersion version_;
  const std::shared_ptr<const LocationTree> locations_;
};

}  // namespace fairway
