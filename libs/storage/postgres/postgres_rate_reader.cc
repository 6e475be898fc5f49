#include "libs/storage/postgres/postgres_rate_reader.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/storage/check_reached.h"
#include "libs/storage/postgres/postgres_rate_snapshot.h"
#include "libs/storage/postgres/read_in_snapshot.h"
#include "libs/storage/postgres/version_rows.h"
#include "libs/storage/postgres/visibility.h"

namespace fairway {
namespace {

// $0: whether `batch` is visible.
constexpr absl::string_view kDatasetSummary = R"sql(
  SELECT (SELECT coalesce(sum(row_count), 0) FROM fairway.batches AS batch WHERE $0),
         (SELECT count(*) FROM (SELECT DISTINCT series.origin, series.destination
                                FROM fairway.price_series AS series
                                JOIN fairway.batches AS batch ON batch.id = series.batch
                                WHERE $0) AS lanes),
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
  using Snapshot = std::shared_ptr<const RateSnapshot>;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<Snapshot> {
    ASSIGN_OR_RETURN(const DatasetRow dataset, ReadDatasetRow(tx));
    ASSIGN_OR_RETURN(const VersionId version, Choose(tx, consistency, dataset.version));
    ASSIGN_OR_RETURN(auto locations, cache_.Get(tx, dataset.locations));
    return std::make_shared<const PostgresRateSnapshot>(pool_, version, std::move(locations));
  };
  return ReadInSnapshot(*pool_, deadline, read);
}

absl::StatusOr<DatasetSummary> PostgresRateReader::ReadDataset(const Deadline& deadline) {
  const auto read = [](pqxx::transaction_base& tx) -> absl::StatusOr<DatasetSummary> {
    ASSIGN_OR_RETURN(const DatasetRow dataset, ReadDatasetRow(tx));
    const pqxx::row row = tx.exec_params1(
        absl::Substitute(kDatasetSummary, VisibleSql("batch", "$1")), dataset.version.number);
    return DatasetSummary{.newest_version = dataset.version,
                          .newest_commit_time = dataset.commit_time,
                          .held_version = dataset.version,
                          .price_count = row[0].as<int64_t>(),
                          .lane_count = row[1].as<int64_t>(),
                          .port_count = row[2].as<int64_t>(),
                          .region_count = row[3].as<int64_t>(),
                          .engine = "sql"};
  };
  return ReadInSnapshot(*pool_, deadline, read);
}

}  // namespace fairway
