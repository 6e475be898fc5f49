#include "libs/storage/postgres/version_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"

#include "libs/base/status_macros.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/prepared.h"

namespace fairway {
namespace {

// All in one statement, because every commit waits for its end. $0: the channel.
constexpr absl::string_view kMakeNextVersion = R"sql(
  WITH next AS (
    UPDATE fairway.dataset
    SET version = version + 1, commit_time = clock_timestamp(),
        locations_version = CASE WHEN $$1::text = 'LOCATIONS' THEN version + 1 ELSE locations_version END
    RETURNING version, commit_time),
  made AS (
    INSERT INTO fairway.commits (version, kind, commit_time, batch)
    SELECT version, $$1::text, commit_time, $$2::bigint FROM next
    RETURNING version, identity, commit_time)
  SELECT version, identity, (extract(epoch FROM commit_time) * 1000000)::bigint,
         pg_notify('$0', version::text)
  FROM made)sql";

absl::Status CheckOneRow(const pqxx::result& rows) {
  if (rows.size() == 1) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("fairway.dataset has ", rows.size(), " rows instead of one"));
}

}  // namespace

std::string IdentitySql(absl::string_view number) {
  return absl::StrCat(
      "coalesce((SELECT min(identity) FROM fairway.commits WHERE version = ", number, "), 0)");
}

VersionIdentity ReadIdentity(const pqxx::field& field) {
  return static_cast<VersionIdentity>(field.as<int64_t>());
}

absl::StatusOr<DatasetRow> ReadDatasetRow(pqxx::transaction_base& tx) {
  const pqxx::result rows = ExecPrepared(
      tx, "read_dataset",
      absl::StrCat("SELECT version, ", IdentitySql("dataset.version"),
                   ", (extract(epoch FROM commit_time) * 1000000)::bigint, locations_version, ",
                   IdentitySql("dataset.locations_version"), " FROM fairway.dataset"));
  RETURN_IF_ERROR(CheckOneRow(rows));
  const pqxx::row row = rows[0];
  return DatasetRow{.version = {row[0].as<DatasetVersion>(), ReadIdentity(row[1])},
                    .commit_time = ReadTime(row[2]),
                    .locations = {row[3].as<DatasetVersion>(), ReadIdentity(row[4])}};
}

absl::StatusOr<DatasetRow> LockDatasetRow(pqxx::transaction_base& tx) {
  // A statement of its own: the one that locks would read the row as it was before the wait.
  tx.exec("SELECT FROM fairway.dataset FOR UPDATE");
  return ReadDatasetRow(tx);
}

absl::StatusOr<MadeVersion> MakeNextVersion(pqxx::transaction_base& tx, CommitKind kind,
                                            std::optional<int64_t> batch) {
  const std::string sql = absl::Substitute(kMakeNextVersion, kDatasetChannel);
  const std::string name(CommitKindName(kind));
  const pqxx::result rows = batch ? ExecPrepared(tx, "next_version", sql, name, *batch)
                                  : ExecPrepared(tx, "next_version", sql, name, nullptr);
  RETURN_IF_ERROR(CheckOneRow(rows));
  const pqxx::row row = rows[0];
  return MadeVersion{.id = {row[0].as<DatasetVersion>(), ReadIdentity(row[1])},
                     .time = absl::FromUnixMicros(row[2].as<int64_t>())};
}

VersionIdentity IdentityOf(pqxx::transaction_base& tx, DatasetVersion number) {
  return ReadIdentity(ExecPrepared(tx, "version_identity",
                                   absl::StrCat("SELECT ", IdentitySql("$1")), number)[0][0]);
}

bool IsInHistory(pqxx::transaction_base& tx, const VersionId& version) {
  return IdentityOf(tx, version.number) == version.identity;
}

}  // namespace fairway
