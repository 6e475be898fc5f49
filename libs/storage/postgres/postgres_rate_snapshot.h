#pragma once

#include <memory>

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/storage/rate_reader.h"

namespace pqxx {
class transaction_base;
}

namespace fairway {

// A version of the data set in PostgreSQL: see PostgresRateReader. Borrows the pool. Thread-safe.
class PostgresRateSnapshot final : public RateSnapshot {
 public:
  PostgresRateSnapshot(postgres::Pool* pool, const VersionId& version,
                       std::shared_ptr<const LocationTree> locations)
      : pool_(pool), version_(version), locations_(std::move(locations)) {}

  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return *locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline& deadline) const override;
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                              const Deadline& deadline) const override;

 private:
  absl::Status CheckHistory(pqxx::transaction_base& tx) const;

  postgres::Pool* const pool_;
  const VersionId version_;
  const std::shared_ptr<const LocationTree> locations_;
};

}  // namespace fairway
