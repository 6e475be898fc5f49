#include "libs/storage/postgres/version_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <string>

#include "absl/strings/str_cat.h"

#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/prepared.h"

namespace fairway {
namespace {

// All in one statement, because every commit waits for its end.
constexpr const char* kMakeNextVersion = R"sql(
  WITH next AS (
    UPDATE fairway.dataset
    SET version = version + 1, commit_time = clock_timestamp(),
        locations_version = CASE WHEN $1::text = 'LOCATIONS' THEN version + 1 ELSE locations_version END
    RETURNING version, commit_time),
  made AS (
    INSERT INTO fairway.commits (version, kind, commit_time, batch)
    SELECT version, $1::text, commit_time, $2::bigint FROM next
    RETURNING version, identity, commit_time)
  SELECT version, identity, (extract(epoch FROM commit_time) * 1000000)::bigint,
         pg_notify('fairway_dataset', version::text)
  FROM made)sql";

std::string NameOfKind(CommitKind kind) {
  switch (kind) {
    case CommitKind::kCommit:
      return "COMMIT";
    case CommitKind::kRevert:
      return "REVERT";
    case CommitKind::kLocations:
      break;
  }
  return "LOCATIONS";
}

}  // namespace

std::string IdentitySql(absl::string_view number) {
  return absl::StrCat(
      "coalesce((SELECT min(identity) FROM fairway.commits WHERE version = ", number, "), 0)");
}

VersionIdentity ReadIdentity(const pqxx::field& field) {
  return static_cast<VersionIdentity>(field.as<int64_t>());
}

DatasetRow ReadDatasetRow(pqxx::transaction_base& tx) {
  const pqxx::row row =
      ExecPrepared(
          tx, "read_dataset",
          absl::StrCat("SELECT version, ", IdentitySql("dataset.version"),
                       ", (extract(epoch FROM commit_time) * 1000000)::bigint, locations_version, ",
                       IdentitySql("dataset.locations_version"), " FROM fairway.dataset"))
          .at(0);
  return {.version = {row[0].as<DatasetVersion>(), ReadIdentity(row[1])},
          .commit_time = ReadTime(row[2]),
          .locations = {row[3].as<DatasetVersion>(), ReadIdentity(row[4])}};
}

MadeVersion MakeNextVersion(pqxx::transaction_base& tx, CommitKind kind,
                            std::optional<int64_t> batch) {
  const pqxx::row row =
      batch ? ExecPrepared(tx, "next_version", kMakeNextVersion, NameOfKind(kind), *batch).at(0)
            : ExecPrepared(tx, "next_version", kMakeNextVersion, NameOfKind(kind), nullptr).at(0);
  return {.id = {row[0].as<DatasetVersion>(), ReadIdentity(row[1])}, .time = *ReadTime(row[2])};
}

VersionIdentity IdentityOf(pqxx::transaction_base& tx, DatasetVersion number) {
  return ReadIdentity(
      ExecPrepared(tx, "version_identity", absl::StrCat("SELECT ", IdentitySql("$1")), number)
          .at(0)[0]);
}

bool IsInHistory(pqxx::transaction_base& tx, const VersionId& version) {
  return IdentityOf(tx, version.number) == version.identity;
}

}  // namespace fairway
