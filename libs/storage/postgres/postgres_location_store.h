#pragma once

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/storage/location_store.h"
#include "libs/storage/postgres/location_rows.h"

namespace fairway {

// LocationStore over PostgreSQL. Borrows the pool. Thread-safe.
class PostgresLocationStore final : public LocationStore {
 public:
  explicit PostgresLocationStore(postgres::Pool* pool) : pool_(pool) {}

  absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(const Deadline& deadline) override;
  absl::StatusOr<LocationImport> Import(const LocationChanges& changes,
                                        const Deadline& deadline) override;

 private:
  postgres::Pool* const pool_;
  LocationTreeCache cache_;
};

}  // namespace fairway
