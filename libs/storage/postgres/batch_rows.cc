#include "libs/storage/postgres/batch_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include "libs/base/status_macros.h"
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
  coalesce((SELECT min(identity) FROM fairway.commits WHERE version = committed_version), 0))sql";

namespace {

std::optional<DatasetVersion> ReadVersion(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<DatasetVersion>();
}

std::optional<DayRange> ReadDays(const pqxx::field& first, const pqxx::field& last) {
  if (first.is_null() || last.is_null()) return std::nullopt;
  return DayRange{DayFromNumber(first.as<int32_t>()), DayFromNumber(last.as<int32_t>())};
}

void ReadErrorCounts(const pqxx::field& field, BatchRecord& record) {
  auto parser = field.as_array();
  size_t reason = 0;
  for (auto [juncture, text] = parser.get_next(); juncture != pqxx::array_parser::done;
       std::tie(juncture, text) = parser.get_next()) {
    if (juncture != pqxx::array_parser::string_value) continue;
    if (reason == record.error_count_by_reason.size()) break;
    record.error_count_by_reason[reason++] = std::stoll(text);
  }
}

bool HoldsNul(const BatchKey& key) {
  return absl::StrContains(key.partner, '\0') || absl::StrContains(key.batch_id, '\0');
}

absl::StatusOr<std::optional<BatchRow>> SelectBatch(pqxx::transaction_base& tx, const BatchKey& key,
                                                    const std::string& name,
                                                    absl::string_view suffix) {
  // A parameter would end there, and be the key of another batch.
  if (HoldsNul(key)) return std::nullopt;
  const pqxx::result found = ExecPrepared(
      tx, name,
      absl::StrCat("SELECT ", kBatchColumns,
                   " FROM fairway.batches WHERE partner = $1 AND batch_id = $2", suffix),
      key.partner, key.batch_id);
  if (found.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(BatchRow batch, ReadBatch(found[0]));
  return batch;
}

}  // namespace

absl::StatusOr<BatchRow> ReadBatch(const pqxx::row& row) {
  BatchRow batch{.id = row[0].as<int64_t>()};
  BatchRecord& record = batch.record;
  record.key = {row[1].c_str(), row[2].c_str()};
  if (!ReadBatchState(row[3].c_str(), record.state)) {
    return absl::InternalError(absl::StrCat("batch ", record.key.partner, "/", record.key.batch_id,
                                            " is in state ", row[3].c_str(),
                                            ", which this release does not know"));
  }
  record.label = row[4].c_str();
  record.content = {.row_count = row[5].as<int64_t>(),
                    .lane_count = row[6].as<int64_t>(),
                    .days = ReadDays(row[7], row[8]),
                    .digest = row[9].c_str()};
  record.create_time = *ReadTime(row[10]);
  record.commit_time = ReadTime(row[11]);
  if (const auto number = ReadVersion(row[12])) {
    record.committed_version = {*number, ReadIdentity(row[19])};
  }
  record.reverted_version = ReadVersion(row[13]);
  record.error_count = row[14].as<int64_t>();
  record.bad_row_count = row[15].as<int64_t>();
  ReadErrorCounts(row[16], record);
  record.failure_reason = row[17].c_str();
  record.failure_message = row[18].c_str();
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
  return SelectBatch(tx, key, "find_batch", "");
}

absl::StatusOr<std::optional<BatchRow>> LockBatch(pqxx::transaction_base& tx, const BatchKey& key) {
  return SelectBatch(tx, key, "lock_batch", " FOR UPDATE");
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
