#include "libs/storage/postgres/postgres_location_store.h"

#include <nlohmann/json.hpp>

#include <pqxx/result>
#include <pqxx/transaction_base>
#include <string>

#include "libs/base/status_macros.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/merge_locations.h"
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
  std::shared_ptr<const LocationTree> tree;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    ASSIGN_OR_RETURN(tree, cache_.Get(tx, ReadDatasetRow(tx).locations));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return tree;
}

absl::StatusOr<LocationImport> PostgresLocationStore::Import(const LocationChanges& changes,
                                                             const Deadline& deadline) {
  LocationImport import;
  const auto write = [&](pqxx::transaction_base& tx) -> absl::Status {
    // Imports follow one another: what was checked is what is changed.
    tx.exec("SELECT FROM fairway.dataset FOR UPDATE");
    const DatasetRow dataset = ReadDatasetRow(tx);
    ASSIGN_OR_RETURN(const LocationTree tree, ReadLocationTree(tx, dataset.locations));
    ASSIGN_OR_RETURN(const MergedLocations merged, MergeLocations(tree, changes));
    import = {.version = dataset.version,
              .added_count = merged.added_count,
              .changed_count = merged.changed_count,
              .unchanged_count = merged.unchanged_count};
    if (merged.added_count + merged.changed_count == 0) return absl::OkStatus();
    WriteRegions(tx, merged.writes.regions);
    WritePorts(tx, merged.writes.ports);
    import.version = MakeNextVersion(tx, CommitKind::kLocations, std::nullopt).id;
    return absl::OkStatus();
  };
  // A commit in doubt is told as DATABASE_UNAVAILABLE: importing again is always safe.
  RETURN_IF_ERROR(ToStoreStatus(postgres::RunTransaction(*pool_, {.deadline = deadline}, write)));
  return import;
}

}  // namespace fairway
