#include "libs/storage/postgres/postgres_dataset_source.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/day.h"
#include "libs/domain/errors.h"
#include "libs/postgres/binary_row.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/read_in_snapshot.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"
#include "libs/storage/postgres/visibility.h"

namespace fairway {
namespace {

// One follower reads one commit after the other, and few are so large that it takes more sessions.
constexpr size_t kIdleReadersMax = 1;

// What was both committed and reverted since then changes nothing.
std::string AddedBatches() {
  return absl::StrCat("SELECT id, row_count FROM fairway.batches WHERE committed_version > $1 AND ",
                      VisibleSql("batches", "$2"), " ORDER BY committed_version");
}
std::string RemovedBatches() {
  return absl::StrCat("SELECT id, row_count FROM fairway.batches WHERE ",
                      VisibleSql("batches", "$1"),
                      " AND reverted_version > $1 AND reverted_version <= $2 "
                      "ORDER BY reverted_version");
}

// The primary key gives both orders.
std::string BatchSeries(int64_t batch, const OriginRange& origins) {
  return absl::StrCat("COPY (SELECT origin, destination, days, prices FROM fairway.price_series ",
                      "WHERE batch = ", batch, " AND origin BETWEEN ", origins.first, " AND ",
                      origins.last, " ORDER BY origin, destination) TO STDOUT (FORMAT binary)");
}
std::string OriginSeries(DatasetVersion version, PortId origin) {
  return absl::StrCat(
      "COPY (SELECT series.origin, series.destination, series.days, series.prices "
      "FROM fairway.price_series AS series "
      "JOIN fairway.batches AS batch ON batch.id = series.batch WHERE series.origin = ",
      origin, " AND ", VisibleSql("batch", absl::StrCat(version)),
      " ORDER BY series.destination) TO STDOUT (FORMAT binary)");
}

struct ValueRange {
  int32_t least = std::numeric_limits<int32_t>::max();
  int32_t most = std::numeric_limits<int32_t>::min();
};

// A plain loop, which the compiler turns into vector instructions: every price of a load passes it.
ValueRange RangeOf(absl::Span<const int32_t> values) {
  ValueRange range;
  for (const int32_t value : values) {
    range.least = std::min(range.least, value);
    range.most = std::max(range.most, value);
  }
  return range;
}

// A series of another release must not reach arithmetic that takes days and prices for granted.
absl::Status CheckSeries(const Series& series) {
  const auto found = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat("the series from port ", series.lane.origin,
                                            " to port ", series.lane.destination, " has ", what));
  };
  if (series.day_numbers.size() != series.prices.size()) {
    return found(
        absl::StrCat(series.day_numbers.size(), " days and ", series.prices.size(), " prices"));
  }
  if (series.prices.empty()) return absl::OkStatus();
  const ValueRange days = RangeOf(series.day_numbers);
  if (days.least < DayNumber(kDayMin) || days.most > DayNumber(kDayMax)) {
    return found(absl::StrCat("the days ", days.least, " to ", days.most, " since 1970-01-01"));
  }
  const ValueRange prices = RangeOf(series.prices);
  if (IsPriceInRange(prices.least) && IsPriceInRange(prices.most)) return absl::OkStatus();
  return found(absl::StrCat("prices of ", prices.least, " to ", prices.most));
}

class PostgresSeriesReader final : public SeriesReader {
 public:
  PostgresSeriesReader(postgres::CopySessionPool* pool,
                       std::unique_ptr<postgres::CopySession> session)
      : pool_(*pool), session_(std::move(session)) {}
  ~PostgresSeriesReader() override { pool_.GiveBack(std::move(session_)); }

  absl::Status ReadBatch(int64_t batch, const OriginRange& origins, SeriesSink sink) override {
    return Read(BatchSeries(batch, origins), sink);
  }
  absl::Status ReadOrigin(DatasetVersion version, PortId origin, SeriesSink sink) override {
    return Read(OriginSeries(version, origin), sink);
  }

 private:
  absl::Status Read(const std::string& sql, SeriesSink sink) {
    absl::Status taken;  // The sink's failures are not the database's.
    const absl::Status read = session_->CopyOut(sql, [&](absl::string_view bytes) -> absl::Status {
      postgres::BinaryRow row(bytes);
      const Lane lane = {.origin = row.ReadInt4(), .destination = row.ReadInt4()};
      row.ReadDateArray(day_numbers_);
      row.ReadInt4Array(prices_);
      if (!row.ok()) return absl::DataLossError("a series of another form");
      const Series series = {lane, day_numbers_, prices_};
      RETURN_IF_ERROR(CheckSeries(series));
      taken = sink(series);
      return taken;
    });
    return taken.ok() ? ToStoreStatus(read) : taken;
  }

  postgres::CopySessionPool& pool_;
  std::unique_ptr<postgres::CopySession> session_;
  std::vector<int32_t> day_numbers_;
  std::vector<Price> prices_;
};

// The numbers of batches, whose prices add to `price_count`.
std::vector<int64_t> ReadBatches(pqxx::transaction_base& tx, const std::string& sql,
                                 DatasetVersion after, DatasetVersion version,
                                 int64_t& price_count) {
  std::vector<int64_t> ids;
  for (const pqxx::row row : tx.exec_params(sql, after, version)) {
    ids.push_back(row[0].as<int64_t>());
    price_count += row[1].as<int64_t>(0);
  }
  return ids;
}

absl::StatusOr<DatasetState> ReadStateIn(pqxx::transaction_base& tx, LocationTreeCache& cache) {
  ASSIGN_OR_RETURN(const DatasetRow dataset, ReadDatasetRow(tx));
  DatasetState state{.version = dataset.version, .commit_time = dataset.commit_time};
  ASSIGN_OR_RETURN(state.locations, cache.Get(tx, dataset.locations));
  return state;
}

}  // namespace

PostgresDatasetSource::PostgresDatasetSource(postgres::Pool* pool,
                                             const postgres::ConnectionOptions& connection)
    : pool_(pool), sessions_(connection, kIdleReadersMax), listener_(connection, kDatasetChannel) {}

absl::StatusOr<DatasetState> PostgresDatasetSource::ReadState(const Deadline& deadline) {
  return ReadInSnapshot(*pool_, deadline,
                        [&](pqxx::transaction_base& tx) { return ReadStateIn(tx, cache_); });
}

absl::StatusOr<DatasetChanges> PostgresDatasetSource::ReadChanges(const VersionId& after,
                                                                  bool tree_alone,
                                                                  const Deadline& deadline) {
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<DatasetChanges> {
    ASSIGN_OR_RETURN(const DatasetRow dataset, ReadDatasetRow(tx));
    const VersionId& newest = dataset.version;
    DatasetChanges changes{.state = {.version = newest, .commit_time = dataset.commit_time}};
    if (newest != after) {
      changes.continues = after.number < newest.number && IsInHistory(tx, after);
    }
    if (newest != after && changes.continues) {
      const auto read_batches = [&](const std::string& sql) {
        return ReadBatches(tx, sql, after.number, newest.number, changes.price_count);
      };
      changes.added_batches = read_batches(AddedBatches());
      changes.removed_batches = read_batches(RemovedBatches());
      if (!tree_alone && !changes.has_batches()) return changes;
    }
    ASSIGN_OR_RETURN(changes.state.locations, cache_.Get(tx, dataset.locations));
    return changes;
  };
  absl::StatusOr<DatasetChanges> changes = ReadInSnapshot(*pool_, deadline, read);
  // Where one session failed, an idle one may be as dead, which takes long to find out.
  if (!changes.ok()) sessions_.DropIdle();
  return changes;
}

absl::StatusOr<std::unique_ptr<SeriesReader>> PostgresDatasetSource::OpenReader(
    const VersionId& version, const Deadline& deadline) {
  // A session keeps to its server, which need not be the pool's any more.
  auto taken =
      sessions_.Take(absl::StrCat("SELECT ", IdentitySql(absl::StrCat(version.number))), deadline);
  if (!taken.ok()) return ToStoreStatus(taken.status());
  int64_t known = 0;
  if (!taken->answer || !absl::SimpleAtoi(*taken->answer, &known) ||
      static_cast<VersionIdentity>(known) != version.identity) {
    sessions_.DropIdle();
    return VersionOfLostHistoryError(version.number);
  }
  return std::make_unique<PostgresSeriesReader>(&sessions_, std::move(taken->session));
}

absl::Status PostgresDatasetSource::AwaitCommit(const Deadline& deadline) {
  return ToStoreStatus(listener_.Wait(deadline).status());
}

}  // namespace fairway
