#include "libs/storage/postgres/postgres_rate_reader.h"

#include <pqxx/result>
#include <pqxx/transaction_base>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/status.h"

namespace fairway {
namespace {

// Which batches a version shows is read in the same snapshot. Ports are ids by now, and unnest
// stands in a target list: on a sharded PostgreSQL either in another place would be slow or wrong.
constexpr const char* kDailySums = R"sql(
  SELECT day - '1970-01-01'::date, count(*), sum(price)
  FROM (SELECT unnest(series.days) AS day, unnest(series.prices) AS price
        FROM fairway.price_series AS series
        JOIN fairway.batches AS batch ON batch.id = series.batch
        WHERE batch.committed_version <= $1
          AND (batch.reverted_version IS NULL OR batch.reverted_version > $1)
          AND series.origin = ANY ($2::integer[]) AND series.destination = ANY ($3::integer[])
       ) AS lane_prices
  WHERE day BETWEEN $4::date AND $5::date
  GROUP BY day)sql";

constexpr const char* kDatasetSummary = R"sql(
  SELECT dataset.version, (extract(epoch FROM dataset.commit_time) * 1000000)::bigint,
         (SELECT coalesce(sum(row_count), 0) FROM fairway.batches WHERE state = 'COMMITTED'),
         (SELECT count(*) FROM (SELECT DISTINCT series.origin, series.destination
                                FROM fairway.price_series AS series
                                JOIN fairway.batches AS batch ON batch.id = series.batch
                                WHERE batch.state = 'COMMITTED') AS lanes),
         (SELECT count(*) FROM fairway.ports), (SELECT count(*) FROM fairway.regions)
  FROM fairway.dataset)sql";

std::string IntArray(absl::Span<const PortId> ids) {
  return absl::StrCat("{", absl::StrJoin(ids, ","), "}");
}

std::vector<DailyRate> DaysOf(const DayRange& range) {
  std::vector<DailyRate> days(static_cast<size_t>(range.size()));
  for (size_t i = 0; i < days.size(); ++i) days[i].day = range.first + std::chrono::days(i);
  return days;
}

absl::Status SumPrices(pqxx::transaction_base& tx, const LocationTree& tree, const RateQuery& query,
                       DailyRates& rates) {
  ASSIGN_OR_RETURN(const auto origins, tree.PortsOf(query.origin));
  ASSIGN_OR_RETURN(const auto destinations, tree.PortsOf(query.destination));
  rates.days = DaysOf(query.days);
  const pqxx::result sums =
      tx.exec_params(kDailySums, rates.version, IntArray(origins), IntArray(destinations),
                     FormatDay(query.days.first), FormatDay(query.days.last));
  for (const pqxx::row row : sums) {
    DailyRate& rate =
        rates.days[static_cast<size_t>(row[0].as<int32_t>() - DayNumber(query.days.first))];
    rate.price_count = row[1].as<int64_t>();
    rate.price_sum = row[2].as<int64_t>();
  }
  return absl::OkStatus();
}

postgres::TransactionOptions SnapshotUntil(absl::Time deadline) {
  return {
      .isolation = postgres::Isolation::kRepeatableRead, .read_only = true, .deadline = deadline};
}

}  // namespace

absl::StatusOr<DailyRates> PostgresRateReader::ReadDailyRates(const RateQuery& query,
                                                              absl::Time deadline) {
  DailyRates rates;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    const pqxx::row row = tx.exec1("SELECT version, locations_version FROM fairway.dataset");
    rates.version = row[0].as<DatasetVersion>();
    if (rates.version < query.at_least) {
      return VersionNotYetVisibleError(query.at_least, rates.version);
    }
    ASSIGN_OR_RETURN(const auto tree, cache_.Get(tx, row[1].as<DatasetVersion>()));
    return SumPrices(tx, *tree, query, rates);
  };
  RETURN_IF_ERROR(ToStoreStatus(postgres::RunTransaction(*pool_, SnapshotUntil(deadline), read)));
  return rates;
}

absl::StatusOr<DatasetSummary> PostgresRateReader::ReadDataset(absl::Time deadline) {
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
  RETURN_IF_ERROR(ToStoreStatus(postgres::RunTransaction(*pool_, SnapshotUntil(deadline), read)));
  return summary;
}

}  // namespace fairway
