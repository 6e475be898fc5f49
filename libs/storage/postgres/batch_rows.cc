#include "libs/storage/postgres/batch_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

#include "libs/base/status_macros.h"
#include "libs/base/utf8_prefix.h"
#include "libs/domain/limits.h"
#include "libs/storage/postgres/prepared.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {

const char* const kBatchColumns = R"sql(
  id, partner, batch_id, state, label, row_count, lane_count,
  first_day - '1970-01-01'::date, last_day - '1970-01-01'::date, digest,
  (extract(epoch FROM create_time) * 1000000)::bigint,
  (extract(epoch FROM commit_time) * 1000000)::bigint,
  committed_version, reverted_version, error_count, bad_row_count, error_counts,
  failure_reason, failure_message,
  coalesce((SELECT min(identity) FROM fairway.commits WHERE version = committed_version), 0),
  coalesce((SELECT min(identity) FROM fairway.commits WHERE version = reverted_version), 0))sql";

namespace {

std::optional<VersionId> ReadVersion(const pqxx::field& number, const pqxx::field& identity) {
  if (number.is_null()) return std::nullopt;
  return VersionId{number.as<DatasetVersion>(), ReadIdentity(identity)};
}

absl::StatusOr<std::optional<DayRange>> ReadDays(const pqxx::field& first,
                                                 const pqxx::field& last) {
  if (first.is_null() || last.is_null()) return std::nullopt;
  const DayRange days = {DayFromNumber(first.as<int32_t>()), DayFromNumber(last.as<int32_t>())};
  if (IsDayInRange(days.first) && IsDayInRange(days.last) && days.first <= days.last) return days;
  return absl::DataLossError(absl::StrCat("days ", DayNumber(days.first), " to ",
                                          DayNumber(days.last), " since 1970-01-01"));
}

// By reason, in the order of RowErrorReason. A later release may know more reasons and count them
// behind these; its errors are still part of error_count.
absl::Status ReadErrorCounts(const pqxx::field& field, BatchRecord& record) {
  const absl::string_view array(field.c_str(), field.size());
  if (array == "{}") return absl::OkStatus();
  size_t reason = 0;
  for (const absl::string_view count :
       absl::StrSplit(absl::StripSuffix(absl::StripPrefix(array, "{"), "}"), ',')) {
    if (reason == record.error_count_by_reason.size()) break;
    if (!absl::SimpleAtoi(count, &record.error_count_by_reason[reason++])) {
      return absl::DataLossError(absl::StrCat("error counts ", array));
    }
  }
  return absl::OkStatus();
}

// The versions that come with each state.
absl::Status CheckVersions(const BatchRecord& record) {
  const bool is_reverted = record.state == BatchState::kReverted;
  const bool is_settled = is_reverted || record.state == BatchState::kCommitted;
  if (record.committed_version.has_value() == is_settled &&
      record.reverted_version.has_value() == is_reverted) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(
      "the state ", BatchStateName(record.state), " with", record.committed_version ? "" : "out",
      " a committed and with", record.reverted_version ? "" : "out", " a reverted version"));
}

absl::Status ReadColumns(const pqxx::row& row, BatchRecord& record) {
  ASSIGN_OR_RETURN(record.state, ParseBatchState(row[3].c_str()));
  record.label = row[4].c_str();
  record.content = {.row_count = row[5].as<int64_t>(),
                    .lane_count = row[6].as<int64_t>(),
                    .digest = row[9].c_str()};
  ASSIGN_OR_RETURN(record.content.days, ReadDays(row[7], row[8]));
  record.create_time = absl::FromUnixMicros(row[10].as<int64_t>());
  record.commit_time = ReadTime(row[11]);
  record.committed_version = ReadVersion(row[12], row[19]);
  record.reverted_version = ReadVersion(row[13], row[20]);
  record.error_count = row[14].as<int64_t>();
  record.bad_row_count = row[15].as<int64_t>();
  RETURN_IF_ERROR(ReadErrorCounts(row[16], record));
  record.failure_reason = row[17].c_str();
  record.failure_message =
      std::string(Utf8Prefix(row[18].c_str(), limits::kFailureMessageBytesMax));
  return CheckVersions(record);
}

bool HoldsNul(const BatchKey& key) {
  return absl::StrContains(key.partner, '\0') || absl::StrContains(key.batch_id, '\0');
}

absl::StatusOr<std::optional<BatchRow>> ReadFound(const pqxx::result& found) {
  if (found.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(BatchRow batch, ReadBatch(found[0]));
  return batch;
}

}  // namespace

absl::StatusOr<BatchRow> ReadBatch(const pqxx::row& row) {
  BatchRow batch{.id = row[0].as<int64_t>()};
  batch.record.key = {row[1].c_str(), row[2].c_str()};
  if (const absl::Status status = ReadColumns(row, batch.record); !status.ok()) {
    return absl::DataLossError(absl::StrCat("batch ", batch.record.key.partner, "/",
                                            batch.record.key.batch_id, " has ", status.message()));
  }
  return batch;
}

std::optional<absl::Time> ReadTime(const pqxx::field& microseconds) {
  if (microseconds.is_null()) return std::nullopt;
  return absl::FromUnixMicros(microseconds.as<int64_t>());
}

std::string TimeParameter(absl::Time time) {
  // What is beyond PostgreSQL's range is beyond every time it holds.
  const absl::CivilSecond second = absl::ToCivilSecond(time, absl::UTCTimeZone());
  if (second.year() > 200'000) return "infinity";
  if (second.year() < -4'700) return "-infinity";
  const bool before_christ = second.year() < 1;
  return absl::StrCat(absl::Dec(before_christ ? 1 - second.year() : second.year(), absl::kZeroPad4),
                      absl::FormatTime("-%m-%d %H:%M:%E6S+00", time, absl::UTCTimeZone()),
                      before_christ ? " BC" : "");
}

absl::StatusOr<std::optional<BatchRow>> FindBatch(pqxx::transaction_base& tx, const BatchKey& key) {
  // A parameter would end there, and be the key of another batch.
  if (HoldsNul(key)) return std::nullopt;
  return ReadFound(
      ExecPrepared(tx, "find_batch",
                   absl::StrCat("SELECT ", kBatchColumns,
                                " FROM fairway.batches WHERE partner = $1 AND batch_id = $2"),
                   key.partner, key.batch_id));
}

absl::StatusOr<std::optional<BatchRow>> FindBatch(pqxx::transaction_base& tx, int64_t id) {
  return ReadFound(tx.exec_params(
      absl::StrCat("SELECT ", kBatchColumns, " FROM fairway.batches WHERE id = $1"), id));
}

absl::StatusOr<std::optional<BatchRow>> LockBatch(pqxx::transaction_base& tx, const BatchKey& key) {
  if (HoldsNul(key)) return std::nullopt;
  const pqxx::result locked =
      ExecPrepared(tx, "lock_batch",
                   "SELECT id FROM fairway.batches WHERE partner = $1 AND batch_id = $2 FOR UPDATE",
                   key.partner, key.batch_id);
  if (locked.empty()) return std::nullopt;
  // In a statement of its own: one that waited for the lock would see the row of today, but not the
  // identity of a version that was made meanwhile.
  return FindBatch(tx, key);
}

void ClearAttempt(pqxx::transaction_base& tx, int64_t id) {
  tx.exec_params("DELETE FROM fairway.price_series WHERE batch = $1", id);
  tx.exec_params("DELETE FROM fairway.batch_errors WHERE batch = $1", id);
  tx.exec_params(
      "INSERT INTO fairway.ended_attempts (batch, end_time, look_time) "
      "VALUES ($1, now(), now() + interval '1 minute') ON CONFLICT (batch) DO NOTHING",
      id);
}

}  // namespace fairway
