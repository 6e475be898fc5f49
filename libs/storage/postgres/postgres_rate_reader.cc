#include "libs/storage/postgres/postgres_rate_reader.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <variant>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/check_reached.h"
#include "libs/storage/postgres/postgres_rate_snapshot.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {
namespace {

constexpr const char* kDatasetSummary = R"sql(
  SELECT (SELECT coalesce(sum(row_count), 0) FROM fairway.batches WHERE state = 'COMMITTED'),
         (SELECT count(*) FROM (SELECT DISTINCT series.origin, series.destination
                                FROM fairway.price_series AS series
                                JOIN fairway.batches AS batch ON batch.id = series.batch
                                WHERE batch.state = 'COMMITTED') AS lanes),
         (SELECT count(*) FROM fairway.ports), (SELECT count(*) FROM fairway.regions))sql";

// The version that answers when `newest` is the newest there is.
absl::StatusOr<VersionId> Choose(pqxx::transaction_base& tx, const Consistency& consistency,
                                 const VersionId& newest) {
  VersionId asked;
  if (const auto* at_least = std::get_if<AtLeast>(&consistency)) asked = at_least->version;
  if (const auto* exactly = std::get_if<Exactly>(&consistency)) asked = exactly->version;
  RETURN_IF_ERROR(CheckReached(asked, newest));
  const bool is_exact = std::holds_alternative<Exactly>(consistency);
  if (!is_exact && asked.identity == 0) return newest;
  const VersionId known = {asked.number, IdentityOf(tx, asked.number)};
  if (asked.identity != 0 && asked != known) return VersionOfLostHistoryError(asked.number);
  return is_exact ? known : newest;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const RateSnapshot>> PostgresRateReader::Snapshot(
    const Consistency& consistency, const Deadline& deadline) {
  std::shared_ptr<const RateSnapshot> snapshot;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    const DatasetRow dataset = ReadDatasetRow(tx);
    ASSIGN_OR_RETURN(const VersionId version, Choose(tx, consistency, dataset.version));
    ASSIGN_OR_RETURN(auto locations, cache_.Get(tx, dataset.locations));
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
    const DatasetRow dataset = ReadDatasetRow(tx);
    summary.newest_version = summary.held_version = dataset.version;
    summary.newest_commit_time = dataset.commit_time;
    const pqxx::row row = tx.exec1(kDatasetSummary);
    summary.price_count = row[0].as<int64_t>();
    summary.lane_count = row[1].as<int64_t>();
    summary.port_count = row[2].as<int64_t>();
    summary.region_count = row[3].as<int64_t>();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return summary;
}

}  // namespace fairway
