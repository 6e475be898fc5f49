#include "libs/storage/postgres/postgres_commit_log.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {
namespace {

constexpr const char* kCommits =
    "SELECT version, kind, (extract(epoch FROM commit_time) * 1000000)::bigint, batch, "
    "(SELECT min(identity) FROM fairway.commits AS same WHERE same.version = commits.version) "
    "FROM fairway.commits WHERE version > $1 AND version <= $2 ORDER BY version, kind DESC LIMIT "
    "$3";

// Off the primary key, however many runs a lane has.
constexpr const char* kLanesOfBatch =
    "SELECT origins.code, destinations.code "
    "FROM (SELECT DISTINCT origin, destination FROM fairway.price_series WHERE batch = $1) lanes "
    "JOIN fairway.ports origins ON origins.id = origin "
    "JOIN fairway.ports destinations ON destinations.id = destination";

std::vector<TouchedLane> ReadLanes(pqxx::transaction_base& tx, int64_t batch) {
  std::vector<TouchedLane> lanes;
  for (const pqxx::row row : tx.exec_params(kLanesOfBatch, batch)) {
    lanes.push_back({.origin = *PortCode::Parse(row[0].c_str()),
                     .destination = *PortCode::Parse(row[1].c_str())});
  }
  return lanes;
}

CommitKind ReadKind(absl::string_view name) {
  if (name == "COMMIT") return CommitKind::kCommit;
  return name == "REVERT" ? CommitKind::kRevert : CommitKind::kLocations;
}

absl::StatusOr<CommitRecord> ReadCommit(pqxx::transaction_base& tx, const pqxx::row& row) {
  static const std::string* const batch_by_id = new std::string(
      absl::StrCat("SELECT ", kBatchColumns, " FROM fairway.batches WHERE id = $1"));
  CommitRecord commit{.version = {row[0].as<DatasetVersion>(), ReadIdentity(row[4])},
                      .kind = ReadKind(row[1].c_str()),
                      .time = *ReadTime(row[2])};
  if (row[3].is_null()) return commit;
  const auto batch = row[3].as<int64_t>();
  ASSIGN_OR_RETURN(BatchRow found, ReadBatch(tx.exec_params1(*batch_by_id, batch)));
  commit.batch = std::move(found.record);
  if (commit.batch->content.lane_count <= limits::kToldLanesMax) {
    commit.lanes = ReadLanes(tx, batch);
  }
  return commit;
}

// `after` with its identity, if what follows it can be told.
absl::StatusOr<VersionId> FindInHistory(pqxx::transaction_base& tx, const VersionId& after,
                                        DatasetVersion newest) {
  if (after.number > newest) {
    return after.identity == 0 ? VersionUnknownError(after.number, newest)
                               : VersionOfLostHistoryError(after.number);
  }
  const VersionId known = {after.number, IdentityOf(tx, after.number)};
  if (after.identity != 0 && after != known) return VersionOfLostHistoryError(after.number);
  return known;
}

}  // namespace

absl::StatusOr<CommitPage> PostgresCommitLog::ReadCommits(const VersionId& after,
                                                          DatasetVersion last, int limit,
                                                          const Deadline& deadline) {
  CommitPage page;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    page = {};
    const DatasetVersion newest = ReadDatasetRow(tx).version.number;
    ASSIGN_OR_RETURN(page.after, FindInHistory(tx, after, newest));
    last = std::min(last, newest);
    DatasetVersion told = after.number;
    for (const pqxx::row row : tx.exec_params(kCommits, after.number, last, limit)) {
      const auto number = row[0].as<DatasetVersion>();
      if (number > told + 1) break;  // Versions have no gaps: what is missing is not kept.
      ASSIGN_OR_RETURN(CommitRecord commit, ReadCommit(tx, row));
      page.commits.push_back(std::move(commit));
      told = number;
    }
    const bool purged = page.commits.empty() && last > after.number;
    return purged ? VersionPurgedError(after.number) : absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return page;
}

}  // namespace fairway
