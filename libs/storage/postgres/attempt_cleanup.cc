#include "libs/storage/postgres/attempt_cleanup.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "libs/postgres/transaction.h"
#include "libs/storage/batch_retention.h"

namespace fairway {
namespace {

// In one transaction.
constexpr int kAttemptsMax = 500;
// The longest time for which a COMMIT may be under way, whatever happens to its server.
constexpr const char* kLastLook = "interval '1 day'";

std::string IdArray(const pqxx::result& rows) {
  std::vector<int64_t> ids;
  for (const pqxx::row row : rows) ids.push_back(row[0].as<int64_t>());
  return absl::StrCat("{", absl::StrJoin(ids, ","), "}");
}

// An attempt that ended never commits, so its prices belong to no batch. The interval between two
// looks doubles.
absl::Status RemoveLatePrices(pqxx::transaction_base& tx) {
  const pqxx::result due = tx.exec_params(
      "SELECT batch FROM fairway.ended_attempts WHERE look_time <= now() "
      "AND NOT EXISTS (SELECT 1 FROM fairway.batches WHERE id = batch AND committed_version "
      "IS NOT NULL) ORDER BY look_time LIMIT $1 FOR UPDATE SKIP LOCKED",
      kAttemptsMax);
  if (due.empty()) return absl::OkStatus();
  const std::string ids = IdArray(due);
  tx.exec_params("DELETE FROM fairway.price_series WHERE batch = ANY ($1::bigint[])", ids);
  tx.exec_params(absl::StrCat("DELETE FROM fairway.ended_attempts WHERE batch = ANY ($1::bigint[]) "
                              "AND end_time < now() - ",
                              kLastLook),
                 ids);
  tx.exec_params(
      "UPDATE fairway.ended_attempts "
      "SET look_time = now() + greatest(now() - end_time, interval '1 minute') "
      "WHERE batch = ANY ($1::bigint[])",
      ids);
  return absl::OkStatus();
}

absl::Status ForgetOldAttempts(pqxx::transaction_base& tx) {
  const pqxx::result old = tx.exec_params(
      "SELECT id FROM fairway.batches WHERE state IN ('FAILED', 'CANCELLED', 'EXPIRED') "
      "AND create_time < now() - $1 * interval '1 second' ORDER BY create_time LIMIT $2 "
      "FOR UPDATE SKIP LOCKED",
      absl::ToInt64Seconds(retention::kEndedAttemptTimeMax), kAttemptsMax);
  if (old.empty()) return absl::OkStatus();
  const std::string ids = IdArray(old);
  tx.exec_params("DELETE FROM fairway.batch_errors WHERE batch = ANY ($1::bigint[])", ids);
  tx.exec_params("DELETE FROM fairway.price_series WHERE batch = ANY ($1::bigint[])", ids);
  tx.exec_params("DELETE FROM fairway.batches WHERE id = ANY ($1::bigint[])", ids);
  return absl::OkStatus();
}

// Of the attempts that satisfy `among`, the newest of each partner keep their row errors.
void DropBeyondShares(pqxx::transaction_base& tx, absl::string_view among,
                      const std::string& partner) {
  const pqxx::result beyond = tx.exec_params(
      absl::StrCat(
          "SELECT id FROM (SELECT id, sum(coalesce(stored_error_count, least(error_count, $1))) "
          "  OVER (PARTITION BY partner ORDER BY id DESC) AS total "
          "  FROM fairway.batches WHERE error_count > 0 AND coalesce(stored_error_count, 1) > 0 "
          "  AND state IN ('FAILED', 'CANCELLED', 'EXPIRED') AND ",
          among, ") AS sums WHERE total > $1 ORDER BY id LIMIT $2"),
      retention::kRowErrorsPerPartnerMax, kAttemptsMax, partner);
  if (beyond.empty()) return;
  const pqxx::result locked = tx.exec_params(
      "SELECT id FROM fairway.batches WHERE id = ANY ($1::bigint[]) FOR UPDATE SKIP LOCKED",
      IdArray(beyond));
  const std::string ids = IdArray(locked);
  tx.exec_params("DELETE FROM fairway.batch_errors WHERE batch = ANY ($1::bigint[])", ids);
  tx.exec_params("UPDATE fairway.batches SET stored_error_count = 0 WHERE id = ANY ($1::bigint[])",
                 ids);
}

// Attempts that fail at the same time do not count each other's errors.
absl::Status DropErrorsBeyondShares(pqxx::transaction_base& tx) {
  DropBeyondShares(tx, "$3 = ''", "");
  return absl::OkStatus();
}

}  // namespace

void DropErrorsBeyondShare(pqxx::transaction_base& tx, const std::string& partner) {
  DropBeyondShares(tx, "partner = $3", partner);
}

absl::Status CleanUpAttempts(postgres::Pool& pool, const Deadline& deadline) {
  absl::Status failure;
  for (const auto step : {RemoveLatePrices, ForgetOldAttempts, DropErrorsBeyondShares}) {
    failure.Update(postgres::RunTransaction(pool, {.deadline = deadline}, step));
  }
  return failure;
}

}  // namespace fairway
