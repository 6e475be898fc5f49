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
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/location_rows.h"
#include "libs/storage/postgres/read_in_snapshot.h"
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

absl::StatusOr<std::vector<TouchedLane>> ReadLanes(pqxx::transaction_base& tx, int64_t batch) {
  std::vector<TouchedLane> lanes;
  for (const pqxx::row row : tx.exec_params(kLanesOfBatch, batch)) {
    ASSIGN_OR_RETURN(const PortCode origin, ReadPortCode(row[0]));
    ASSIGN_OR_RETURN(const PortCode destination, ReadPortCode(row[1]));
    lanes.push_back({.origin = origin, .destination = destination});
  }
  return lanes;
}

absl::StatusOr<CommitRecord> ReadCommit(pqxx::transaction_base& tx, const pqxx::row& row) {
  ASSIGN_OR_RETURN(const CommitKind kind, ParseCommitKind(row[1].c_str()));
  CommitRecord commit{.version = {row[0].as<DatasetVersion>(), ReadIdentity(row[4])},
                      .kind = kind,
                      .time = absl::FromUnixMicros(row[2].as<int64_t>())};
  if (row[3].is_null()) return commit;
  const auto id = row[3].as<int64_t>();
  ASSIGN_OR_RETURN(std::optional<BatchRow> batch, FindBatch(tx, id));
  if (!batch) {
    return absl::DataLossError(absl::StrCat("version ", commit.version.number, " names the batch ",
                                            id, ", which is not stored"));
  }
  commit.batch = std::move(batch->record);
  if (commit.batch->content.lane_count <= limits::kReportedLanesMax) {
    ASSIGN_OR_RETURN(commit.lanes, ReadLanes(tx, id));
  }
  return commit;
}

// `after` with its identity, if the history of today contains it.
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
  return ReadInSnapshot(
      *pool_, deadline, [&](pqxx::transaction_base& tx) -> absl::StatusOr<CommitPage> {
        ASSIGN_OR_RETURN(const DatasetRow dataset, ReadDatasetRow(tx));
        const DatasetVersion newest = dataset.version.number;
        CommitPage page;
        ASSIGN_OR_RETURN(page.after, FindInHistory(tx, after, newest));
        const DatasetVersion end = std::min(last, newest);
        DatasetVersion previous = after.number;
        for (const pqxx::row row : tx.exec_params(kCommits, after.number, end, limit)) {
          const auto number = row[0].as<DatasetVersion>();
          if (number > previous + 1) break;  // Versions have no gaps: what is missing was purged.
          ASSIGN_OR_RETURN(CommitRecord commit, ReadCommit(tx, row));
          page.commits.push_back(std::move(commit));
          previous = number;
        }
        if (page.commits.empty() && end > after.number) return VersionPurgedError(after.number);
        return page;
      });
}

}  // namespace fairway
