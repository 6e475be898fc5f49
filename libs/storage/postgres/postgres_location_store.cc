#include "libs/storage/postgres/postgres_location_store.h"

#include <nlohmann/json.hpp>
#include <pqxx/result>
#include <pqxx/transaction_base>

#include <string>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/merge_locations.h"
#include "libs/storage/postgres/read_in_snapshot.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {
namespace {

// Commits wait meanwhile, so all of them go in a statement. Parents second: a region may come
// before the one it lies in.
void WriteRegions(pqxx::transaction_base& tx, const std::vector<Region>& regions) {
  nlohmann::json changes = nlohmann::json::array();
  for (const Region& region : regions) {
    changes.push_back({{"slug", region.slug}, {"name", region.name}});
    if (region.parent) changes.back()["parent"] = *region.parent;
  }
  const std::string parameter = changes.dump();
  tx.exec_params(
      "INSERT INTO fairway.regions (slug, name) "
      "SELECT slug, name FROM jsonb_to_recordset($1) AS changes (slug text, name text) "
      "ON CONFLICT (slug) DO UPDATE SET name = excluded.name",
      parameter);
  tx.exec_params(
      "UPDATE fairway.regions SET parent = parents.id "
      "FROM jsonb_to_recordset($1) AS changes (slug text, parent text) "
      "LEFT JOIN fairway.regions parents ON parents.slug = changes.parent "
      "WHERE regions.slug = changes.slug",
      parameter);
}

void WritePorts(pqxx::transaction_base& tx, const std::vector<Port>& ports) {
  nlohmann::json changes = nlohmann::json::array();
  for (const Port& port : ports) {
    changes.push_back(
        {{"code", port.code.ToString()}, {"name", port.name}, {"parent", port.parent}});
  }
  tx.exec_params(
      "INSERT INTO fairway.ports (code, name, parent) "
      "SELECT changes.code, changes.name, regions.id "
      "FROM jsonb_to_recordset($1) AS changes (code text, name text, parent text) "
      "JOIN fairway.regions ON regions.slug = changes.parent "
      "ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent = excluded.parent",
      changes.dump());
}

}  // namespace

absl::StatusOr<std::shared_ptr<const LocationTree>> PostgresLocationStore::ReadTree(
    const Deadline& deadline) {
  using Tree = std::shared_ptr<const LocationTree>;
  return ReadInSnapshot(*pool_, deadline, [&](pqxx::transaction_base& tx) -> absl::StatusOr<Tree> {
    ASSIGN_OR_RETURN(const DatasetRow dataset, ReadDatasetRow(tx));
    return cache_.Get(tx, dataset.locations);
  });
}

// An import is checked against what is stored before it takes the lock that orders commits, and
// only written under it. Where another import came between, it is checked again.
absl::StatusOr<LocationImport> PostgresLocationStore::Import(const LocationChanges& changes,
                                                             const Deadline& deadline) {
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(const CheckedImport checked, Check(changes, deadline));
    if (checked.merged.added_count + checked.merged.changed_count == 0) return checked.import();
    ASSIGN_OR_RETURN(const auto written, Write(checked, deadline));
    if (written) return *written;
  }
}

absl::StatusOr<PostgresLocationStore::CheckedImport> PostgresLocationStore::Check(
    const LocationChanges& changes, const Deadline& deadline) {
  struct Stored {
    DatasetRow dataset;
    StoredLocations locations;
  };
  const auto read = [](pqxx::transaction_base& tx) -> absl::StatusOr<Stored> {
    Stored stored;
    ASSIGN_OR_RETURN(stored.dataset, ReadDatasetRow(tx));
    ASSIGN_OR_RETURN(stored.locations, ReadLocations(tx));
    return stored;
  };
  ASSIGN_OR_RETURN(const Stored stored, ReadInSnapshot(*pool_, deadline, read));
  ASSIGN_OR_RETURN(MergedLocations merged, MergeLocations(stored.locations, changes));
  return CheckedImport{.version = stored.dataset.version,
                       .locations = stored.dataset.locations,
                       .merged = std::move(merged)};
}

absl::StatusOr<std::optional<LocationImport>> PostgresLocationStore::Write(
    const CheckedImport& checked, const Deadline& deadline) {
  const auto write =
      [&](pqxx::transaction_base& tx) -> absl::StatusOr<std::optional<LocationImport>> {
    // With the lock no other import comes between the check and the change.
    ASSIGN_OR_RETURN(const DatasetRow dataset, LockDatasetRow(tx));
    if (dataset.locations != checked.locations) return std::nullopt;
    WriteRegions(tx, checked.merged.writes.regions);
    WritePorts(tx, checked.merged.writes.ports);
    ASSIGN_OR_RETURN(const MadeVersion made,
                     MakeNextVersion(tx, CommitKind::kLocations, std::nullopt));
    LocationImport written = checked.import();
    written.version = made.id;
    return written;
  };
  auto written = postgres::RunTransaction(*pool_, {.deadline = deadline}, write);
  // A commit in doubt is reported like other failures: importing again is always safe.
  if (!written.ok()) return ToStoreStatus(written.status());
  return written;
}

}  // namespace fairway
