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

#include "libs/base/check.h"
#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {
namespace {

// Ports are ids by now, and unnest stands in a target list: on a sharded PostgreSQL either in
// another place would be slow or wrong. $0: one more column, or none.
constexpr absl::string_view kDailySums = R"sql(
  SELECT day - '1970-01-01'::date, count(*), sum(price)$0
  FROM (SELECT unnest(series.days) AS day, unnest(series.prices) AS price
        FROM fairway.price_series AS series
        JOIN fairway.batches AS batch ON batch.id = series.batch
        WHERE batch.committed_version <= $$1
          AND (batch.reverted_version IS NULL OR batch.reverted_version > $$1)
          AND series.origin = ANY ($$2::integer[]) AND series.destination = ANY ($$3::integer[])
       ) AS lane_prices
  WHERE day BETWEEN $$4::date AND $$5::date
  GROUP BY day)sql";

constexpr const char* kLanes = R"sql(
  SELECT DISTINCT series.origin, series.destination
  FROM fairway.price_series AS series
  JOIN fairway.batches AS batch ON batch.id = series.batch
  WHERE batch.committed_version <= $1
    AND (batch.reverted_version IS NULL OR batch.reverted_version > $1)
    AND (series.origin, series.destination) > ($2, $3)
  ORDER BY series.origin, series.destination LIMIT $4)sql";

std::string DailySums(bool with_percentiles) {
  if (!with_percentiles) return absl::Substitute(kDailySums, "");
  return absl::Substitute(
      kDailySums, absl::StrCat(", percentile_cont(ARRAY[", absl::StrJoin(kToldPercentiles, ","),
                               "]::float8[]) WITHIN GROUP (ORDER BY price)"));
}

std::string IntArray(absl::Span<const PortId> ids) {
  return absl::StrCat("{", absl::StrJoin(ids, ","), "}");
}

// "{1,1.5,2,…}"
Percentiles ReadPercentiles(absl::string_view array) {
  Percentiles percentiles;
  size_t i = 0;
  array = absl::StripSuffix(absl::StripPrefix(array, "{"), "}");
  for (const absl::string_view number : absl::StrSplit(array, ',')) {
    FAIRWAY_CHECK(i < percentiles.size() && absl::SimpleAtod(number, &percentiles[i]));
    ++i;
  }
  return percentiles;
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
  DailyRates rates{.version = version_};
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    RETURN_IF_ERROR(CheckHistory(tx));
    rates.days = EmptyDailyRates(query.days);
    if (query.with_percentiles) rates.percentiles.assign(rates.days.size(), {});
    const pqxx::result sums = tx.exec_params(
        DailySums(query.with_percentiles), version_.number, IntArray(origins),
        IntArray(destinations), FormatDay(query.days.first), FormatDay(query.days.last));
    for (const pqxx::row row : sums) {
      const auto i = static_cast<size_t>(row[0].as<int32_t>() - DayNumber(query.days.first));
      DailyRate& rate = rates.days[i];
      rate.price_count = row[1].as<int64_t>();
      rate.price_sum = row[2].as<int64_t>();
      if (query.with_percentiles && rate.price_count >= query.min_price_count) {
        rates.percentiles[i] = ReadPercentiles(row[3].c_str());
      }
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return rates;
}

absl::StatusOr<std::vector<Lane>> PostgresRateSnapshot::ListLanes(std::optional<Lane> after,
                                                                  int limit,
                                                                  const Deadline& deadline) const {
  constexpr PortId kBeforeAll = std::numeric_limits<PortId>::min();
  const Lane begin = after.value_or(Lane{kBeforeAll, kBeforeAll});
  std::vector<Lane> lanes;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    lanes.clear();
    RETURN_IF_ERROR(CheckHistory(tx));
    for (const pqxx::row row :
         tx.exec_params(kLanes, version_.number, begin.origin, begin.destination, limit)) {
      lanes.push_back({.origin = row[0].as<PortId>(), .destination = row[1].as<PortId>()});
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return lanes;
}

}  // namespace fairway
