#include "libs/storage/postgres/postgres_dataset_source.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/postgres/binary_row.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {
namespace {

// One follower reads one commit after the other.
constexpr size_t kIdleReadersMax = 1;

// What was both committed and reverted since then changes nothing.
constexpr const char* kAddedBatches =
    "SELECT id FROM fairway.batches WHERE committed_version > $1 AND committed_version <= $2 "
    "AND (reverted_version IS NULL OR reverted_version > $2) ORDER BY committed_version";
constexpr const char* kRemovedBatches =
    "SELECT id FROM fairway.batches WHERE reverted_version > $1 AND reverted_version <= $2 "
    "AND committed_version <= $1 ORDER BY reverted_version";

// The primary key gives both orders.
std::string BatchSeries(int64_t batch) {
  return absl::StrCat("COPY (SELECT origin, destination, days, prices FROM fairway.price_series ",
                      "WHERE batch = ", batch,
                      " ORDER BY origin, destination) TO STDOUT (FORMAT binary)");
}
std::string OriginSeries(DatasetVersion version, PortId origin) {
  return absl::StrCat(
      "COPY (SELECT series.origin, series.destination, series.days, series.prices "
      "FROM fairway.price_series AS series JOIN fairway.batches AS batch ON batch.id = "
      "series.batch ",
      "WHERE series.origin = ", origin, " AND batch.committed_version <= ", version,
      " AND (batch.reverted_version IS NULL OR batch.reverted_version > ", version,
      ") ORDER BY series.destination) TO STDOUT (FORMAT binary)");
}

class PostgresSeriesReader final : public SeriesReader {
 public:
  PostgresSeriesReader(postgres::CopySessionPool* pool,
                       std::unique_ptr<postgres::CopySession> session)
      : pool_(*pool), session_(std::move(session)) {}
  ~PostgresSeriesReader() override { pool_.GiveBack(std::move(session_)); }

  absl::Status ReadBatch(int64_t batch, SeriesSink sink) override {
    return Read(BatchSeries(batch), sink);
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
      if (!row.ok() || day_numbers_.size() != prices_.size()) {
        return absl::InternalError("a series of another form");
      }
      taken = sink({lane, day_numbers_, prices_});
      return taken;
    });
    return taken.ok() ? ToStoreStatus(read) : taken;
  }

  postgres::CopySessionPool& pool_;
  std::unique_ptr<postgres::CopySession> session_;
  std::vector<int32_t> day_numbers_;
  std::vector<Price> prices_;
};

std::vector<int64_t> ReadIds(pqxx::transaction_base& tx, const char* sql, DatasetVersion after,
                             DatasetVersion version) {
  std::vector<int64_t> ids;
  for (const pqxx::row row : tx.exec_params(sql, after, version)) {
    ids.push_back(row[0].as<int64_t>());
  }
  return ids;
}

absl::StatusOr<DatasetState> ReadStateIn(pqxx::transaction_base& tx, LocationTreeCache& cache) {
  const DatasetRow dataset = ReadDatasetRow(tx);
  DatasetState state{.version = dataset.version, .commit_time = dataset.commit_time};
  ASSIGN_OR_RETURN(state.locations, cache.Get(tx, dataset.locations));
  return state;
}

}  // namespace

PostgresDatasetSource::PostgresDatasetSource(postgres::Pool* pool,
                                             const postgres::ConnectionOptions& connection)
    : pool_(pool),
      sessions_(connection, kIdleReadersMax),
      listener_(connection, "fairway_dataset") {}

absl::StatusOr<DatasetState> PostgresDatasetSource::ReadState(const Deadline& deadline) {
  DatasetState state;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    ASSIGN_OR_RETURN(state, ReadStateIn(tx, cache_));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return state;
}

absl::StatusOr<DatasetChanges> PostgresDatasetSource::ReadChanges(const VersionId& after,
                                                                  bool tree_alone,
                                                                  const Deadline& deadline) {
  DatasetChanges changes;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    const DatasetRow dataset = ReadDatasetRow(tx);
    const VersionId& newest = dataset.version;
    changes = {.state = {.version = newest, .commit_time = dataset.commit_time}};
    if (newest != after) {
      changes.continues = after.number < newest.number && IsInHistory(tx, after);
    }
    if (newest != after && changes.continues) {
      changes.added_batches = ReadIds(tx, kAddedBatches, after.number, newest.number);
      changes.removed_batches = ReadIds(tx, kRemovedBatches, after.number, newest.number);
      if (!tree_alone && !changes.has_batches()) return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(changes.state.locations, cache_.Get(tx, dataset.locations));
    return absl::OkStatus();
  };
  const absl::Status status =
      postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read);
  // Where one session failed, another may be as dead and tell only after a long silence.
  if (!status.ok()) sessions_.DropIdle();
  RETURN_IF_ERROR(ToStoreStatus(status));
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
