#include "libs/storage/postgres/postgres_rate_snapshot.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <limits>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/storage/postgres/read_in_snapshot.h"
#include "libs/storage/postgres/version_rows.h"
#include "libs/storage/postgres/visibility.h"

namespace fairway {
namespace {

// Ports are ids by now, and unnest stands in a target list: on a sharded PostgreSQL either in
// another place would be slow or wrong. Where the two arrays are not equally long, the shorter one
// is filled up with nulls. $0: whether `batch` is visible; $1: one more column, or none; $2, $3:
// the range of prices.
constexpr absl::string_view kDailySums = R"sql(
  SELECT day - '1970-01-01'::date, count(*), sum(price), 
         count(*) FILTER (WHERE price BETWEEN $2 AND $3)$1
  FROM (SELECT unnest(series.days) AS day, unnest(series.prices) AS price
        FROM fairway.price_series AS series
        JOIN fairway.batches AS batch ON batch.id = series.batch
        WHERE $0
          AND series.origin = ANY ($$2::integer[]) AND series.destination = ANY ($$3::integer[])
       ) AS lane_prices
  WHERE day BETWEEN $$4::date AND $$5::date OR day IS NULL
  GROUP BY day)sql";

// $0: whether `batch` is visible.
constexpr absl::string_view kLanes = R"sql(
  SELECT DISTINCT series.origin, series.destination
  FROM fairway.price_series AS series
  JOIN fairway.batches AS batch ON batch.id = series.batch
  WHERE $0 AND (series.origin, series.destination) > ($$2, $$3)
  ORDER BY series.origin, series.destination LIMIT $$4)sql";

std::string DailySums(bool with_percentiles) {
  std::string percentiles;
  if (with_percentiles) {
    percentiles = absl::StrCat(", percentile_cont(ARRAY[", absl::StrJoin(kReportedPercentiles, ","),
                               "]::float8[]) WITHIN GROUP (ORDER BY price)");
  }
  return absl::Substitute(kDailySums, VisibleSql("batch", "$1"), percentiles, limits::kPriceMin,
                          limits::kPriceMax);
}

std::string IntArray(absl::Span<const PortId> ids) {
  return absl::StrCat("{", absl::StrJoin(ids, ","), "}");
}

// "{1,1.5,2,…}"
absl::StatusOr<Percentiles> ReadPercentiles(absl::string_view array) {
  Percentiles percentiles;
  const std::vector<absl::string_view> numbers =
      absl::StrSplit(absl::StripSuffix(absl::StripPrefix(array, "{"), "}"), ',');
  bool ok = numbers.size() == percentiles.size();
  for (size_t i = 0; ok && i < percentiles.size(); ++i) {
    ok = absl::SimpleAtod(numbers[i], &percentiles[i]);
  }
  if (!ok) return absl::DataLossError(absl::StrCat("percentiles were answered with ", array));
  return percentiles;
}

// One row of kDailySums into `rates`, which hold the days from `first` on.
absl::Status ReadDay(const pqxx::row& row, const RateQuery& query, DailyRates& rates) {
  if (row[0].is_null() || row[1].as<int64_t>() != row[3].as<int64_t>()) {
    return absl::DataLossError(
        "a series has more days than prices or more prices than days, or a price out of range");
  }
  const auto i = static_cast<size_t>(row[0].as<int32_t>() - DayNumber(query.days.first));
  DailyRate& rate = rates.days[i];
  rate.price_count = row[1].as<int64_t>();
  rate.price_sum = row[2].as<int64_t>();
  if (query.with_percentiles && rate.price_count >= query.min_price_count) {
    ASSIGN_OR_RETURN(rates.percentiles[i], ReadPercentiles(row[4].c_str()));
  }
  return absl::OkStatus();
}

}  // namespace

// Each reading is a transaction of its own, and the database may be another one by then. The tree
// may be of a later version that is lost: the version has no prices of the ports that are new in
// it.
absl::Status PostgresRateSnapshot::CheckHistory(pqxx::transaction_base& tx) const {
  return IsInHistory(tx, version_) ? absl::OkStatus() : VersionOfLostHistoryError(version_.number);
}

absl::StatusOr<DailyRates> PostgresRateSnapshot::ReadDailyRates(const RateQuery& query,
                                                                const Deadline& deadline) const {
  ASSIGN_OR_RETURN(const auto origins, locations_->PortsOf(query.origin));
  ASSIGN_OR_RETURN(const auto destinations, locations_->PortsOf(query.destination));
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<DailyRates> {
    RETURN_IF_ERROR(CheckHistory(tx));
    DailyRates rates{.version = version_, .days = EmptyDailyRates(query.days)};
    if (query.with_percentiles) rates.percentiles.assign(rates.days.size(), {});
    const pqxx::result sums = tx.exec_params(
        DailySums(query.with_percentiles), version_.number, IntArray(origins),
        IntArray(destinations), FormatDay(query.days.first), FormatDay(query.days.last));
    for (const pqxx::row row : sums) RETURN_IF_ERROR(ReadDay(row, query, rates));
    return rates;
  };
  return ReadInSnapshot(*pool_, deadline, read);
}

absl::StatusOr<std::vector<Lane>> PostgresRateSnapshot::ListLanes(std::optional<Lane> after,
                                                                  int limit,
                                                                  const Deadline& deadline) const {
  constexpr PortId kBeforeAll = std::numeric_limits<PortId>::min();
  const Lane begin = after.value_or(Lane{kBeforeAll, kBeforeAll});
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<std::vector<Lane>> {
    RETURN_IF_ERROR(CheckHistory(tx));
    std::vector<Lane> lanes;
    for (const pqxx::row row :
         tx.exec_params(absl::Substitute(kLanes, VisibleSql("batch", "$1")), version_.number,
                        begin.origin, begin.destination, limit)) {
      lanes.push_back({.origin = row[0].as<PortId>(), .destination = row[1].as<PortId>()});
    }
    return lanes;
  };
  return ReadInSnapshot(*pool_, deadline, read);
}

}  // namespace fairway
