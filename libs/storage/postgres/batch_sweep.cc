#include "libs/storage/postgres/batch_sweep.h"

#include <memory>
#include <pqxx/result>
#include <pqxx/transaction_base>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/claim_lock.h"

namespace fairway {
namespace {

absl::StatusOr<std::vector<BatchKey>> ReceivingBatches(postgres::Pool& pool,
                                                       const Deadline& deadline) {
  std::vector<BatchKey> keys;
  const auto read = [&](pqxx::transaction_base& tx) {
    for (const pqxx::row row : tx.exec("SELECT partner, batch_id FROM fairway.batches "
                                       "WHERE state = 'RECEIVING' ORDER BY id")) {
      keys.push_back({row[0].c_str(), row[1].c_str()});
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(postgres::RunTransaction(pool, {.read_only = true, .deadline = deadline}, read));
  return keys;
}

// True when there was still something to end. The caller holds the lock of `key`.
absl::StatusOr<bool> EndAsInterrupted(postgres::Pool& pool, const BatchKey& key,
                                      const Deadline& deadline) {
  bool ended = false;
  const auto end = [&](pqxx::transaction_base& tx) {
    const std::optional<BatchRow> batch = LockBatch(tx, key);
    ended = batch && batch->record.state == BatchState::kReceiving;
    if (!ended) return absl::OkStatus();
    ClearAttempt(tx, batch->id);
    const absl::Status why = UploadInterruptedError();
    tx.exec_params(
        "UPDATE fairway.batches SET state = 'FAILED', failure_reason = $2, failure_message = $3 "
        "WHERE id = $1",
        batch->id, ReasonOf(why), std::string(why.message()));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(postgres::RunTransaction(pool, {.deadline = deadline}, end));
  return ended;
}

}  // namespace

absl::StatusOr<int> SweepInterruptedBatches(postgres::Pool& pool,
                                            postgres::CopySessionPool& sessions,
                                            const Deadline& deadline) {
  ASSIGN_OR_RETURN(const std::vector<BatchKey> keys, ReceivingBatches(pool, deadline));
  if (keys.empty()) return 0;
  ASSIGN_OR_RETURN(std::unique_ptr<postgres::CopySession> session, sessions.Take(deadline));
  int swept = 0;
  for (const BatchKey& key : keys) {
    ASSIGN_OR_RETURN(const bool locked, session->TryAdvisoryLock(ClaimLock(key)));
    if (!locked) continue;  // Its attempt lives.
    ASSIGN_OR_RETURN(const bool ended, EndAsInterrupted(pool, key, deadline));
    if (ended) ++swept;
    RETURN_IF_ERROR(session->ReleaseAdvisoryLock(ClaimLock(key)));
  }
  sessions.GiveBack(std::move(session));
  return swept;
}

}  // namespace fairway
