#include "libs/storage/postgres/batch_rows.h"

#include <pqxx/result>
#include <pqxx/transaction_base>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/check.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {

const char* const kBatchColumns = R"sql(
  id, partner, batch_id, state, label, row_count, lane_count,
  first_day - '1970-01-01'::date, last_day - '1970-01-01'::date, digest,
  (extract(epoch FROM create_time) * 1000000)::bigint,
  (extract(epoch FROM commit_time) * 1000000)::bigint,
  committed_version, reverted_version, error_count, bad_row_count, error_counts,
  failure_reason, failure_message, fairway.version_identity(committed_version))sql";

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

std::optional<BatchRow> SelectBatch(pqxx::transaction_base& tx, const BatchKey& key,
                                    absl::string_view suffix) {
  const pqxx::result found = tx.exec_params(
      absl::StrCat("SELECT ", kBatchColumns,
                   " FROM fairway.batches WHERE partner = $1 AND batch_id = $2", suffix),
      key.partner, key.batch_id);
  if (found.empty()) return std::nullopt;
  return ReadBatch(found[0]);
}

}  // namespace

BatchRow ReadBatch(const pqxx::row& row) {
  BatchRow batch{.id = row[0].as<int64_t>()};
  BatchRecord& record = batch.record;
  record.key = {row[1].c_str(), row[2].c_str()};
  FAIRWAY_CHECK(ReadBatchState(row[3].c_str(), record.state));
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
  return absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", time, absl::UTCTimeZone());
}

std::optional<BatchRow> FindBatch(pqxx::transaction_base& tx, const BatchKey& key) {
  return SelectBatch(tx, key, "");
}

std::optional<BatchRow> LockBatch(pqxx::transaction_base& tx, const BatchKey& key) {
  return SelectBatch(tx, key, " FOR UPDATE");
}

void ClearAttempt(pqxx::transaction_base& tx, int64_t id) {
  tx.exec_params("DELETE FROM fairway.price_series WHERE batch = $1", id);
  tx.exec_params("DELETE FROM fairway.batch_errors WHERE batch = $1", id);
}

}  // namespace fairway
