#include "libs/storage/postgres/postgres_rate_reader.h"

#include <pqxx/result>
#include <pqxx/transaction_base>
#include <variant>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/postgres_rate_snapshot.h"
#include "libs/storage/postgres/status.h"

namespace fairway {
namespace {

constexpr const char* kDatasetSummary = R"sql(
  SELECT dataset.version, (extract(epoch FROM dataset.commit_time) * 1000000)::bigint,
         (SELECT coalesce(sum(row_count), 0) FROM fairway.batches WHERE state = 'COMMITTED'),
         (SELECT count(*) FROM (SELECT DISTINCT series.origin, series.destination
                                FROM fairway.price_series AS series
                                JOIN fairway.batches AS batch ON batch.id = series.batch
                                WHERE batch.state = 'COMMITTED') AS lanes),
         (SELECT count(*) FROM fairway.ports), (SELECT count(*) FROM fairway.regions)
  FROM fairway.dataset)sql";

// The version that answers when `newest` is the newest there is.
absl::StatusOr<DatasetVersion> Choose(const Consistency& consistency, DatasetVersion newest) {
  DatasetVersion asked = newest;
  if (const auto* at_least = std::get_if<AtLeast>(&consistency)) asked = at_least->version;
  if (const auto* exactly = std::get_if<Exactly>(&consistency)) asked = exactly->version;
  if (asked > newest) return VersionNotYetVisibleError(asked, newest);
  return std::holds_alternative<Exactly>(consistency) ? asked : newest;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const RateSnapshot>> PostgresRateReader::Snapshot(
    const Consistency& consistency, const Deadline& deadline) {
  std::shared_ptr<const RateSnapshot> snapshot;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    const pqxx::row row = tx.exec1("SELECT version, locations_version FROM fairway.dataset");
    ASSIGN_OR_RETURN(const DatasetVersion version,
                     Choose(consistency, row[0].as<DatasetVersion>()));
    ASSIGN_OR_RETURN(auto locations, cache_.Get(tx, row[1].as<DatasetVersion>()));
    snapshot = std::make_shared<PostgresRateSnapshot>(pool_, version, std::move(locations));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return snapshot;
}

absl::StatusOr<DatasetSummary> PostgresRateReader::ReadDataset(const Deadline& deadline) {
  DatasetSummary summary{.engine = "sql"};
  const auto read = [&](pqxx::transaction_base& tx) {
    const pqxx::row row = tx.exec1(kDatasetSummary);
    summary.newest_version = row[0].as<DatasetVersion>();
    summary.newest_commit_time = ReadTime(row[1]);
    summary.held_version = summary.newest_version;
    summary.price_count = row[2].as<int64_t>();
    summary.lane_count = row[3].as<int64_t>();
    summary.port_count = row[4].as<int64_t>();
    summary.region_count = row[5].as<int64_t>();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return summary;
}

}  // namespace fairway
