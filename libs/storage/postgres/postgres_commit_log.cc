#include "libs/storage/postgres/postgres_commit_log.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/status.h"

namespace fairway {
namespace {

constexpr const char* kCommits =
    "SELECT version, kind, (extract(epoch FROM commit_time) * 1000000)::bigint, batch "
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

}  // namespace

absl::StatusOr<std::vector<CommitRecord>> PostgresCommitLog::ReadCommits(DatasetVersion after,
                                                                         DatasetVersion last,
                                                                         int limit,
                                                                         const Deadline& deadline) {
  std::vector<CommitRecord> commits;
  const auto read = [&](pqxx::transaction_base& tx) -> absl::Status {
    commits.clear();
    const std::string batch_by_id =
        absl::StrCat("SELECT ", kBatchColumns, " FROM fairway.batches WHERE id = $1");
    for (const pqxx::row row : tx.exec_params(kCommits, after, last, limit)) {
      CommitRecord& commit = commits.emplace_back();
      commit.version = row[0].as<DatasetVersion>();
      commit.kind = ReadKind(row[1].c_str());
      commit.time = *ReadTime(row[2]);
      if (row[3].is_null()) continue;
      const auto batch = row[3].as<int64_t>();
      commit.batch = ReadBatch(tx.exec_params1(batch_by_id, batch)).record;
      if (commit.batch->content.lane_count <= limits::kToldLanesMax) {
        commit.lanes = ReadLanes(tx, batch);
      }
    }
    // Versions have no gaps.
    const bool purged = last > after && (commits.empty() || commits.front().version != after + 1);
    return purged ? VersionPurgedError(after) : absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ToStoreStatus(postgres::RunTransaction(*pool_, postgres::ReadOnlySnapshot(deadline), read)));
  return commits;
}

}  // namespace fairway
