#pragma once

#include <optional>

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/storage/location_store.h"
#include "libs/storage/merge_locations.h"
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
  // Changes that hold together with what is stored as long as `locations` was the last version to
  // change it.
  struct CheckedImport {
    VersionId version;
    VersionId locations;
    MergedLocations merged;

    LocationImport import() const {
      return {.version = version,
              .added_count = merged.added_count,
              .changed_count = merged.changed_count,
              .unchanged_count = merged.unchanged_count};
    }
  };

  absl::StatusOr<CheckedImport> Check(const LocationChanges& changes, const Deadline& deadline);
  // None when the stored locations are others by now.
  absl::StatusOr<std::optional<LocationImport>> Write(const CheckedImport& checked,
                                                      const Deadline& deadline);

  postgres::Pool* const pool_;
  LocationTreeCache cache_;
};

}  // namespace fairway
