#include "libs/storage/postgres/postgres_batch_store.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/base/storable_text.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/batch_sweep.h"
#include "libs/storage/postgres/claim_lock.h"
#include "libs/storage/postgres/postgres_batch_writer.h"
#include "libs/storage/postgres/prepared.h"
#include "libs/storage/postgres/read_in_snapshot.h"
#include "libs/storage/postgres/status.h"
#include "libs/storage/postgres/version_rows.h"

namespace fairway {
namespace {

constexpr size_t kIdleWritersMax = 4;

bool IsSettled(const BatchRecord& record) {
  return record.state == BatchState::kCommitted || record.state == BatchState::kReverted;
}

// Replaces the row of the last attempt by one of a new attempt. A row that must not be replaced,
// whatever the caller assumes, stays, and the insertion fails.
int64_t InsertAttempt(pqxx::transaction_base& tx, const BatchKey& key, absl::string_view label) {
  ExecPrepared(tx, "delete_attempt",
               "DELETE FROM fairway.batches WHERE partner = $1 AND batch_id = $2 "
               "AND state IN ('RECEIVING', 'FAILED', 'CANCELLED', 'EXPIRED')",
               key.partner, key.batch_id);
  return ExecPrepared(tx, "insert_attempt",
                      "INSERT INTO fairway.batches (partner, batch_id, state, label, create_time) "
                      "VALUES ($1, $2, 'RECEIVING', $3, clock_timestamp()) RETURNING id",
                      key.partner, key.batch_id, StorableText(label))
      .at(0)[0]
      .as<int64_t>();
}

// A fresh id for an attempt of `key`, or the record that settled it.
struct Beginning {
  int64_t id = 0;
  std::optional<BatchRecord> settled;
};

absl::StatusOr<Beginning> BeginAttempt(postgres::Pool& pool, const BatchKey& key,
                                       absl::string_view label, const Deadline& deadline) {
  const auto begin = [&](pqxx::transaction_base& tx) -> absl::StatusOr<Beginning> {
    ASSIGN_OR_RETURN(std::optional<BatchRow> last, LockBatch(tx, key));
    if (last && IsSettled(last->record)) return Beginning{.settled = std::move(last->record)};
    if (last) ClearAttempt(tx, last->id);
    return Beginning{.id = InsertAttempt(tx, key, label)};
  };
  auto beginning = postgres::RunTransaction(pool, {.deadline = deadline, .attempts_max = 5}, begin);
  if (!beginning.ok()) return ToStoreStatus(beginning.status());
  return beginning;
}

absl::StatusOr<RowError> ReadRowError(const pqxx::row& row) {
  RowError error{
      .row_index = row[1].as<int64_t>(), .field = row[2].c_str(), .value = row[4].c_str()};
  ASSIGN_OR_RETURN(error.reason, ParseRowErrorReason(row[3].c_str()));
  return error;
}

absl::StatusOr<std::optional<BatchRow>> ReadBatchRow(postgres::Pool& pool, const BatchKey& key,
                                                     const Deadline& deadline) {
  return ReadInSnapshot(pool, deadline,
                        [&](pqxx::transaction_base& tx) { return FindBatch(tx, key); });
}

std::string StateArray(const std::vector<BatchState>& states) {
  const auto append = [](std::string* out, BatchState state) {
    absl::StrAppend(out, BatchStateName(state));
  };
  return absl::StrCat("{", absl::StrJoin(states, ",", append), "}");
}

}  // namespace

PostgresBatchStore::PostgresBatchStore(postgres::Pool* pool,
                                       const postgres::ConnectionOptions& connection,
                                       const BatchStoreTimes& times)
    : pool_(pool), times_(times), sessions_(connection, kIdleWritersMax) {}

absl::StatusOr<BatchClaim> PostgresBatchStore::Claim(const BatchKey& key, absl::string_view label,
                                                     const Deadline& deadline) {
  // A batch that is settled needs no session.
  ASSIGN_OR_RETURN(std::optional<BatchRow> known, ReadBatchRow(*pool_, key, deadline));
  if (known && IsSettled(known->record)) return BatchClaim{.settled = std::move(known->record)};

  const bool ended = known && known->record.state != BatchState::kReceiving;
  ASSIGN_OR_RETURN(auto session,
                   LockClaim(key, ended ? times_.lock_wait_max : absl::ZeroDuration(), deadline));
  ASSIGN_OR_RETURN(Beginning beginning, BeginAttempt(*pool_, key, label, deadline));
  if (beginning.settled) return BatchClaim{.settled = std::move(beginning.settled)};
  return BatchClaim{.writer =
                        std::make_unique<PostgresBatchWriter>(pool_, &sessions_, std::move(session),
                                                              key, beginning.id, deadline, times_)};
}

absl::StatusOr<std::unique_ptr<postgres::CopySession>> PostgresBatchStore::LockClaim(
    const BatchKey& key, absl::Duration wait_max, const Deadline& deadline) {
  const int64_t lock = ClaimLock(key);
  absl::StatusOr<postgres::AnsweredSession> taken =
      sessions_.Take(postgres::TryAdvisoryLockQuery(lock), deadline);
  if (!taken.ok()) return ToStoreStatus(taken.status());
  if (taken->answer == "t") return std::move(taken->session);
  if (wait_max > absl::ZeroDuration()) {
    // The server may hang by now, so this is no place to wait for long.
    taken->session->set_deadline(deadline.NotAfter(absl::Now() + wait_max + times_.answer_max));
    const absl::StatusOr<bool> locked = taken->session->AwaitAdvisoryLock(lock, wait_max);
    if (!locked.ok()) {
      sessions_.DropIdle();
      // The caller has time left: it is the database that had none.
      if (absl::IsDeadlineExceeded(locked.status()) && deadline.Check().ok()) {
        return DatabaseUnavailableError("a session does not answer");
      }
      return ToStoreStatus(locked.status());
    }
    taken->session->set_deadline(deadline);
    if (*locked) return std::move(taken->session);
  }
  sessions_.GiveBack(std::move(taken->session));
  return BatchInProgressError(key);
}

absl::StatusOr<BatchRecord> PostgresBatchStore::Get(const BatchKey& key, const Deadline& deadline) {
  ASSIGN_OR_RETURN(std::optional<BatchRow> found, ReadBatchRow(*pool_, key, deadline));
  if (!found) return BatchNotFoundError(key);
  return std::move(found->record);
}

absl::StatusOr<BatchPage> PostgresBatchStore::List(const BatchFilter& filter,
                                                   std::optional<int64_t> after, int limit,
                                                   const Deadline& deadline) {
  const std::string sql =
      absl::StrCat("SELECT ", kBatchColumns,
                   " FROM fairway.batches "
                   "WHERE ($1 = '' OR partner = $1) AND ($2 = '{}' OR state = ANY ($2::text[])) "
                   "AND ($3 = '' OR create_time >= $3::timestamptz) "
                   "AND ($4 = '' OR create_time < $4::timestamptz) "
                   "AND ($5::bigint = 0 OR id < $5::bigint) ORDER BY id DESC LIMIT $6");
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<BatchPage> {
    const pqxx::result rows = tx.exec_params(
        sql, filter.partner, StateArray(filter.states),
        filter.created_from ? TimeParameter(*filter.created_from) : std::string(),
        filter.created_before ? TimeParameter(*filter.created_before) : std::string(),
        after.value_or(0), limit + 1);
    BatchPage page;
    int64_t last_id = 0;
    for (const pqxx::row row : rows) {
      if (page.batches.size() == static_cast<size_t>(limit)) {
        page.next = last_id;
        break;
      }
      ASSIGN_OR_RETURN(BatchRow batch, ReadBatch(row));
      last_id = batch.id;
      page.batches.push_back(std::move(batch.record));
    }
    return page;
  };
  return ReadInSnapshot(*pool_, deadline, read);
}

absl::StatusOr<RowErrorPage> PostgresBatchStore::ListErrors(const BatchKey& key,
                                                            std::optional<int64_t> after, int limit,
                                                            const Deadline& deadline) {
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<RowErrorPage> {
    ASSIGN_OR_RETURN(std::optional<BatchRow> batch, FindBatch(tx, key));
    if (!batch) return BatchNotFoundError(key);
    RowErrorPage page{.batch = std::move(batch->record)};
    page.stored_error_count =
        tx.exec_params1("SELECT count(*) FROM fairway.batch_errors WHERE batch = $1", batch->id)[0]
            .as<int64_t>();
    const pqxx::result rows = tx.exec_params(
        "SELECT position, row_index, field, reason, value FROM fairway.batch_errors "
        "WHERE batch = $1 AND position > $2::bigint ORDER BY position LIMIT $3",
        batch->id, after.value_or(-1), limit);
    for (const pqxx::row row : rows) {
      ASSIGN_OR_RETURN(RowError error, ReadRowError(row));
      page.errors.push_back(std::move(error));
    }
    if (rows.empty()) return page;
    const auto last_position = rows.back()[0].as<int64_t>();
    if (last_position + 1 < page.stored_error_count) page.next = last_position;
    return page;
  };
  return ReadInSnapshot(*pool_, deadline, read);
}

absl::StatusOr<BatchReversal> PostgresBatchStore::Revert(const BatchKey& key,
                                                         const Deadline& deadline) {
  const auto revert = [&](pqxx::transaction_base& tx) -> absl::StatusOr<BatchReversal> {
    ASSIGN_OR_RETURN(std::optional<BatchRow> batch, LockBatch(tx, key));
    if (!batch) return BatchNotFoundError(key);
    BatchRecord& record = batch->record;
    if (record.state == BatchState::kReverted) {
      return BatchReversal{std::move(record), /*replayed=*/true};
    }
    if (record.state != BatchState::kCommitted) return BatchNotCommittedError(key, record.state);
    ASSIGN_OR_RETURN(const MadeVersion made, MakeNextVersion(tx, CommitKind::kRevert, batch->id));
    tx.exec_params(
        "UPDATE fairway.batches SET state = 'REVERTED', reverted_version = $2 WHERE id = $1",
        batch->id, made.id.number);
    record.state = BatchState::kReverted;
    record.reverted_version = made.id;
    return BatchReversal{std::move(record)};
  };
  auto reversal =
      postgres::RunTransaction(*pool_, {.deadline = deadline, .attempts_max = 5}, revert);
  if (!reversal.ok()) return ToStoreStatus(reversal.status());
  return reversal;
}

absl::StatusOr<int> PostgresBatchStore::SweepInterrupted(const Deadline& deadline) {
  absl::StatusOr<int> swept = SweepAttempts(*pool_, sessions_, deadline);
  if (!swept.ok()) return ToStoreStatus(swept.status());
  return swept;
}

}  // namespace fairway
