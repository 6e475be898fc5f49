#include "libs/storage/postgres/batch_sweep.h"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/batch_retention.h"
#include "libs/storage/postgres/attempt_cleanup.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/claim_lock.h"
#include "libs/storage/postgres/read_in_snapshot.h"

namespace fairway {
namespace {

struct OpenAttempt {
  BatchKey key;
  bool is_too_old = false;
};

// How an attempt ends that did not end itself.
struct Ending {
  std::string state;
  std::string reason;
  std::string message;
};

Ending Interrupted() {
  const absl::Status why = UploadInterruptedError();
  return {"FAILED", ReasonOf(why), std::string(why.message())};
}

Ending Expired() {
  return {"EXPIRED", std::string(reasons::kBatchExpired),
          absl::StrCat("it was not committed within ",
                       absl::FormatDuration(retention::kReceivingTimeMax), "; nothing was stored")};
}

absl::StatusOr<std::vector<OpenAttempt>> FindOpenAttempts(postgres::Pool& pool,
                                                          const Deadline& deadline) {
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<std::vector<OpenAttempt>> {
    std::vector<OpenAttempt> attempts;
    for (const pqxx::row row :
         tx.exec_params("SELECT partner, batch_id, create_time < now() - $1 * interval '1 second' "
                        "FROM fairway.batches WHERE state = 'RECEIVING' ORDER BY id",
                        absl::ToInt64Seconds(retention::kReceivingTimeMax))) {
      attempts.push_back({{row[0].c_str(), row[1].c_str()}, row[2].as<bool>()});
    }
    return attempts;
  };
  return ReadInSnapshot(pool, deadline, read);
}

// True when there was still something to end.
absl::StatusOr<bool> End(postgres::Pool& pool, const BatchKey& key, const Ending& ending,
                         const Deadline& deadline) {
  const auto end = [&](pqxx::transaction_base& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const std::optional<BatchRow> batch, LockBatch(tx, key));
    if (!batch || batch->record.state != BatchState::kReceiving) return false;
    ClearAttempt(tx, batch->id);
    tx.exec_params(
        "UPDATE fairway.batches SET state = $2, failure_reason = $3, failure_message = $4 "
        "WHERE id = $1",
        batch->id, ending.state, ending.reason, ending.message);
    return true;
  };
  return postgres::RunTransaction(pool, {.deadline = deadline}, end);
}

// Ends the attempt unless a session holds its lock, which shows that it is alive.
absl::StatusOr<bool> EndIfInterrupted(postgres::Pool& pool, postgres::CopySessionPool& sessions,
                                      const BatchKey& key, const Deadline& deadline) {
  ASSIGN_OR_RETURN(postgres::AnsweredSession taken,
                   sessions.Take(postgres::TryAdvisoryLockQuery(ClaimLock(key)), deadline));
  bool ended = false;
  if (taken.answer == "t") {
    // A failure ends the session, and the lock with it.
    ASSIGN_OR_RETURN(ended, End(pool, key, Interrupted(), deadline));
    RETURN_IF_ERROR(taken.session->ReleaseAdvisoryLock(ClaimLock(key)));
  }
  sessions.GiveBack(std::move(taken.session));
  return ended;
}

}  // namespace

absl::StatusOr<int> SweepAttempts(postgres::Pool& pool, postgres::CopySessionPool& sessions,
                                  const Deadline& deadline) {
  ASSIGN_OR_RETURN(const std::vector<OpenAttempt> attempts, FindOpenAttempts(pool, deadline));
  int swept = 0;
  absl::Status failure;
  for (const OpenAttempt& attempt : attempts) {
    RETURN_IF_ERROR(deadline.Check());
    const absl::StatusOr<bool> ended =
        attempt.is_too_old ? End(pool, attempt.key, Expired(), deadline)
                           : EndIfInterrupted(pool, sessions, attempt.key, deadline);
    failure.Update(ended.status());
    if (ended.value_or(false)) ++swept;
  }
  failure.Update(CleanUpAttempts(pool, deadline));
  RETURN_IF_ERROR(failure);
  return swept;
}

}  // namespace fairway
