#include "libs/postgres/transaction.h"

#include <pqxx/dbtransaction>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/backoff.h"
#include "libs/base/pause.h"
#include "libs/base/status_macros.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/interruption.h"

namespace fairway::postgres {
namespace {

constexpr absl::Duration kRetryPauseMin = absl::Milliseconds(5);
constexpr absl::Duration kRetryPauseMax = absl::Milliseconds(200);
// BEGIN takes a server that is well some microseconds; a session given up for nothing is cheap.
constexpr absl::Duration kReusedAnswerMax = absl::Seconds(1);

std::string BeginCommand(const TransactionOptions& options) {
  std::string sql = absl::StrCat(
      "BEGIN ISOLATION LEVEL ",
      options.isolation == Isolation::kRepeatableRead ? "REPEATABLE READ" : "READ COMMITTED",
      options.read_only ? " READ ONLY" : " READ WRITE");
  if (options.deadline.time() != absl::InfiniteFuture()) {
    // Zero would mean no limit. One simple query, one round trip.
    const int64_t left = absl::ToInt64Milliseconds(options.deadline.time() - absl::Now());
    absl::StrAppend(&sql, "; SET LOCAL statement_timeout = ",
                    std::clamp<int64_t>(left, 1, std::numeric_limits<int32_t>::max()));
  }
  return sql;
}

// A transaction that begins with one command of ours and distinguishes a failed COMMIT from one
// whose outcome is unknown.
class DeadlineTransaction final : public pqxx::dbtransaction {
 public:
  DeadlineTransaction(pqxx::connection_base& connection, std::string begin_command)
      : namedclass("transaction"),
        pqxx::dbtransaction(connection),
        begin_command_(std::move(begin_command)) {
    Begin();
  }
  ~DeadlineTransaction() noexcept override { End(); }

 private:
  // Never again on another connection (no retries): RunTransaction decides about that.
  void do_begin() override { direct_exec(begin_command_.c_str()); }

  void do_commit() override {
    try {
      // COMMIT of a transaction that failed earlier answers ROLLBACK without an error, so a body
      // that swallowed a failure would pass for committed. An empty SELECT before it does fail.
      direct_exec("SELECT; COMMIT");
    } catch (const std::exception& e) {
      if (conn().is_open() && !IsConnectionLost(StatusFromCurrentException())) throw;
      throw pqxx::in_doubt_error(e.what());
    }
  }

  const std::string begin_command_;
};

absl::Status RunBody(DeadlineTransaction& transaction, const TransactionOptions& options,
                     TransactionBody body) {
  RETURN_IF_ERROR(body(transaction));
  // statement_timeout bounds each statement, not their sum, and not COMMIT.
  RETURN_IF_ERROR(options.deadline.Check());
  transaction.commit();
  return absl::OkStatus();
}

struct Attempt {
  absl::Status status;
  bool found_dead_connection = false;  // And did nothing else.
};

// libpqxx reports a connection that breaks under a statement as an SQL error without a code.
absl::Status FailureOn(const PooledConnection& connection) {
  absl::Status status = StatusFromCurrentException();
  if (connection.is_open() || IsConnectionLost(status)) return status;
  return StatusFromSqlState("08006", status.message());
}

Attempt RunOn(PooledConnection& connection, const TransactionOptions& options,
              TransactionBody body) {
  Interruption interruption(connection, options.deadline);
  // An idle session may be one with a server that hangs. Nothing was asked of it yet.
  if (!connection.is_new()) interruption.AnswerBy(absl::Now() + kReusedAnswerMax);
  bool begun = false;
  Attempt attempt;
  try {
    DeadlineTransaction transaction(*connection, BeginCommand(options));
    interruption.Answered();
    if (interruption.happened()) throw pqxx::broken_connection("BEGIN was answered too late");
    begun = true;
    attempt.status = RunBody(transaction, options, body);
  } catch (...) {
    attempt.status = FailureOn(connection);
  }
  const bool lost = IsConnectionLost(attempt.status);
  if (lost || interruption.happened()) connection.Discard();
  const absl::Status ended = options.deadline.Check();
  if (lost && interruption.happened() && !ended.ok()) {
    attempt.status = IsCommitInDoubt(attempt.status) ? CommitInDoubt(ended) : ended;
  } else if (lost) {
    attempt.found_dead_connection = !begun && !connection.is_new();
  }
  return attempt;
}

absl::Status RunOnce(Pool& pool, const TransactionOptions& options, TransactionBody body) {
  RETURN_IF_ERROR(options.deadline.Check());
  while (true) {
    ASSIGN_OR_RETURN(PooledConnection connection, pool.Acquire(options.deadline));
    Attempt attempt = RunOn(connection, options, body);
    if (!attempt.found_dead_connection) return std::move(attempt.status);
    // The others in the pool are of the same age. Ends with a new connection at the latest.
    pool.DropIdle();
  }
}

}  // namespace

TransactionOptions ReadOnlySnapshot(const Deadline& deadline) {
  return {.isolation = Isolation::kRepeatableRead, .read_only = true, .deadline = deadline};
}

absl::Status RunTransaction(Pool& pool, const TransactionOptions& options, TransactionBody body) {
  std::optional<Backoff> backoff;  // Seeded only when it is needed.
  for (int attempt = 1;; ++attempt) {
    absl::Status status = RunOnce(pool, options, body);
    if (!IsSerializationFailure(status) || attempt >= options.attempts_max) return status;
    if (!backoff.has_value()) backoff.emplace(kRetryPauseMin, kRetryPauseMax);
    const absl::Duration pause = backoff->Next();
    if (absl::Now() + pause >= options.deadline.time()) return status;
    Pause(pause, options.deadline);
  }
}

}  // namespace fairway::postgres
