#include "libs/storage/postgres/postgres_location_store.h"

#include <pqxx/result>
#include <pqxx/transaction_base>
#include <string>

#include "libs/base/status_macros.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/merge_locations.h"
#include "libs/storage/postgres/status.h"

namespace fairway {
namespace {

// Parents second: a region may come before the one it lies in.
void WriteRegions(pqxx::transaction_base& tx, const std::vector<Region>& regions) {
  for (const Region& region : regions) {
    tx.exec_params(
        "INSERT INTO fairway.regions (slug, name) VALUES ($1, $2) "
        "ON CONFLICT (slug) DO UPDATE SET name = excluded.name",
        region.slug, region.name);
  }
  for (const Region& region : regions) {
    tx.exec_params(
        "UPDATE fairway.regions SET parent = (SELECT id FROM fairway.regions WHERE slug = $2) "
        "WHERE slug = $1",
        region.slug, region.parent ? region.parent->c_str() : nullptr);
  }
}

void WritePorts(pqxx::transaction_base& tx, const std::vector<Port>& ports) {
  for (const Port& port : ports) {
    tx.exec_params(
        "INSERT INTO fairway.ports (code, name, parent) "
        "SELECT $1, $2, id FROM fairway.regions WHERE slug = $3 "
        "ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent = excluded.parent",
        port.code.ToString(), port.name, port.parent);
  }
}

DatasetVersion BumpLocations(pqxx::transaction_base& tx) {
  const pqxx::row row = tx.exec1(
      "UPDATE fairway.dataset SET version = version + 1, locations_version = version + 1, "
      "commit_time = clock_timestamp() RETURNING version, "
      "pg_notify('fairway_dataset', version::text)");
  tx.exec(
      "INSERT INTO fairway.commits (version, kind, commit_time) "
      "SELECT version, 'LOCATIONS', commit_time FROM fairway.dataset");
  return row[0].as<DatasetVersion>();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const LocationTree>> PostgresLocationStore::ReadTree(
    absl::Time deadline) {
  std::shared_ptr<const LocationTree> tree;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    const auto version =
        tx.exec1("SELECT locations_version FROM fairway.dataset")[0].as<DatasetVersion>();
    ASSIGN_OR_RETURN(tree, cache_.Get(tx, version));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ToStoreStatus(postgres::RunTransaction(
      *pool_,
      {.isolation = postgres::Isolation::kRepeatableRead, .read_only = true, .deadline = deadline},
      read)));
  return tree;
}

absl::StatusOr<LocationImport> PostgresLocationStore::Import(const LocationChanges& changes,
                                                             absl::Time deadline) {
  LocationImport import;
  const auto write = [&](pqxx::transaction_base& tx) -> absl::Status {
    // Imports follow one another: what was checked is what is changed.
    const pqxx::row row = tx.exec1("SELECT version FROM fairway.dataset FOR UPDATE");
    ASSIGN_OR_RETURN(const LocationTree tree, ReadLocationTree(tx));
    ASSIGN_OR_RETURN(const MergedLocations merged, MergeLocations(tree, changes));
    import = {.version = row[0].as<DatasetVersion>(),
              .added_count = merged.added_count,
              .changed_count = merged.changed_count,
              .unchanged_count = merged.unchanged_count};
    if (merged.added_count + merged.changed_count == 0) return absl::OkStatus();
    WriteRegions(tx, merged.writes.regions);
    WritePorts(tx, merged.writes.ports);
    import.version = BumpLocations(tx);
    return absl::OkStatus();
  };
  // A commit in doubt is told as DATABASE_UNAVAILABLE: importing again is always safe.
  RETURN_IF_ERROR(ToStoreStatus(postgres::RunTransaction(*pool_, {.deadline = deadline}, write)));
  return import;
}

}  // namespace fairway
