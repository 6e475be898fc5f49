#include "libs/postgres/copy_session.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/postgres/binary_rows.h"
#include "libs/postgres/connect.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/server_probe.h"

namespace fairway::postgres {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// Signature, flags, length of the header extension.
constexpr absl::string_view kCopyHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr absl::string_view kLockNotAvailable = "55P03";
constexpr absl::string_view kInvalidParameterValue = "22023";
// A row of -1 columns.
constexpr absl::string_view kCopyTrailer("\377\377", 2);

absl::Status StatusOf(const PGresult* result) {
  switch (PQresultStatus(result)) {
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
      return absl::OkStatus();
    default: {
      const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      return StatusFromSqlState(sqlstate == nullptr ? "" : sqlstate, PQresultErrorMessage(result));
    }
  }
}

std::optional<std::string> FirstValue(const PGresult* result) {
  if (PQntuples(result) == 0 || PQnfields(result) == 0) return std::nullopt;
  if (PQgetisnull(result, 0, 0) != 0) return std::nullopt;
  return std::string(PQgetvalue(result, 0, 0), static_cast<size_t>(PQgetlength(result, 0, 0)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<CopySession>> CopySession::Open(const ConnectionOptions& options,
                                                               const Deadline& deadline,
                                                               const SilenceLimits& silence) {
  ASSIGN_OR_RETURN(ConnectionHandle connection, Connect(options, deadline));
  if (PQsetnonblocking(connection.get(), 1) != 0) {
    return absl::InternalError(PQerrorMessage(connection.get()));
  }
  return std::unique_ptr<CopySession>(
      new CopySession(std::move(connection), options, deadline, silence));
}

CopySession::CopySession(ConnectionHandle connection, const ConnectionOptions& options,
                         const Deadline& deadline, const SilenceLimits& silence)
    : connection_(std::move(connection)), options_(options), silence_(silence), waiter_(deadline) {}

CopySession::~CopySession() = default;

bool CopySession::IsIdle() const {
  if (!CheckUsable().ok() || PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) return false;
  // A server that sends something unasked is closing the session.
  const SocketWaiter glance(absl::InfinitePast());
  return absl::IsDeadlineExceeded(glance.Wait(PQsocket(connection_.get()), POLLIN).status());
}

absl::Status CopySession::Execute(absl::string_view sql) {
  ASSIGN_OR_RETURN(const Answer answer, Run(sql));
  return answer.status;
}

absl::Status CopySession::BeginCompressing(absl::string_view method) {
  absl::Status begun =
      Execute(absl::StrCat("BEGIN; SET LOCAL default_toast_compression = '", method, "'"));
  if (SqlState(begun) != kInvalidParameterValue) return begun;
  RETURN_IF_ERROR(Execute("ROLLBACK"));
  return Execute("BEGIN");
}

absl::StatusOr<std::optional<std::string>> CopySession::QueryValue(absl::string_view sql) {
  ASSIGN_OR_RETURN(Answer answer, Run(sql));
  RETURN_IF_ERROR(answer.status);
  return std::move(answer.value);
}

absl::StatusOr<bool> CopySession::AwaitAdvisoryLock(int64_t key, absl::Duration wait_max) {
  RETURN_IF_ERROR(
      Execute(absl::StrCat("SET lock_timeout = ", absl::ToInt64Milliseconds(wait_max))));
  const absl::Status taken = Execute(absl::StrCat("SELECT pg_advisory_lock(", key, ")"));
  if (SqlState(taken) != kLockNotAvailable) RETURN_IF_ERROR(taken);
  RETURN_IF_ERROR(Execute("RESET lock_timeout"));
  return taken.ok();
}

absl::Status CopySession::ReleaseAdvisoryLock(int64_t key) {
  return Execute(absl::StrCat("SELECT pg_advisory_unlock(", key, ")"));
}

absl::Status CopySession::Commit() {
  // What is already lost was never committed; only from the first byte of COMMIT on there is doubt.
  RETURN_IF_ERROR(CheckUsable());
  absl::StatusOr<Answer> answer = Run("COMMIT");
  if (!answer.ok()) return CommitInDoubt(answer.status().message());
  if (IsConnectionLost(answer->status)) {
    return GiveUp(CommitInDoubt(answer->status.message()));
  }
  RETURN_IF_ERROR(answer->status);
  if (answer->tag != "COMMIT") return absl::AbortedError("the transaction had already failed");
  return absl::OkStatus();
}

absl::Status CopySession::BeginCopy(absl::string_view sql) {
  RETURN_IF_ERROR(Execute(sql));
  return Write(kCopyHeader);
}

absl::Status CopySession::Write(absl::string_view bytes) {
  RETURN_IF_ERROR(CheckUsable());
  while (!bytes.empty()) {
    const absl::string_view piece = bytes.substr(0, BinaryRows::kFullBytes);
    RETURN_IF_ERROR(PutData(piece));
    RETURN_IF_ERROR(Flush());
    bytes.remove_prefix(piece.size());
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> CopySession::EndCopy() {
  RETURN_IF_ERROR(Write(kCopyTrailer));
  RETURN_IF_ERROR(PutEnd());
  ASSIGN_OR_RETURN(const Answer answer, ReadAnswer());
  RETURN_IF_ERROR(answer.status);
  int64_t rows = 0;
  if (!absl::SimpleAtoi(answer.affected_rows, &rows)) {
    return absl::InternalError(absl::StrCat("COPY answered '", answer.tag, "'"));
  }
  return rows;
}

absl::Status CopySession::CopyOut(absl::string_view sql,
                                  absl::FunctionRef<absl::Status(absl::string_view)> sink) {
  RETURN_IF_ERROR(Execute(sql));
  bool header_seen = false;
  const auto strip_header = [&](absl::string_view row) -> absl::Status {
    if (!header_seen) row.remove_prefix(std::min(row.size(), kCopyHeader.size()));
    header_seen = true;
    return row == kCopyTrailer || row.empty() ? absl::OkStatus() : sink(row);
  };
  while (true) {
    ASSIGN_OR_RETURN(const bool more, ReadCopyData(strip_header));
    if (!more) break;
  }
  ASSIGN_OR_RETURN(const Answer answer, ReadAnswer());
  return answer.status;
}

// One row, or the end: false.
absl::StatusOr<bool> CopySession::ReadCopyData(
    absl::FunctionRef<absl::Status(absl::string_view)> sink) {
  while (true) {
    char* buffer = nullptr;
    const int size = PQgetCopyData(connection_.get(), &buffer, /*async=*/1);
    if (size == 0) {
      RETURN_IF_ERROR(ReadInput());
      continue;
    }
    if (size == -1) return false;
    if (size < 0) return ConnectionFailure();
    const absl::Status taken = sink(absl::string_view(buffer, static_cast<size_t>(size)));
    PQfreemem(buffer);
    if (!taken.ok()) return GiveUp(taken);
    return true;
  }
}

absl::StatusOr<CopySession::Answer> CopySession::Run(absl::string_view sql) {
  RETURN_IF_ERROR(CheckUsable());
  RETURN_IF_ERROR(Send(sql));
  return ReadAnswer();
}

absl::Status CopySession::Send(absl::string_view sql) {
  if (PQsendQuery(connection_.get(), std::string(sql).c_str()) != 1) return ConnectionFailure();
  return Flush();
}

absl::Status CopySession::PutData(absl::string_view piece) {
  while (true) {
    const int done = PQputCopyData(connection_.get(), piece.data(), static_cast<int>(piece.size()));
    if (done == 1) return absl::OkStatus();
    if (done < 0) return ConnectionFailure();
    RETURN_IF_ERROR(Flush());
  }
}

absl::Status CopySession::PutEnd() {
  while (true) {
    const int done = PQputCopyEnd(connection_.get(), nullptr);
    if (done < 0) return ConnectionFailure();
    RETURN_IF_ERROR(Flush());
    if (done == 1) return absl::OkStatus();
  }
}

// Reads while it waits to write: a server that is sending may not be receiving.
absl::Status CopySession::Flush() {
  while (true) {
    const int more = PQflush(connection_.get());
    if (more == 0) return absl::OkStatus();
    if (more < 0) return ConnectionFailure();
    RETURN_IF_ERROR(WaitFor(POLLIN | POLLOUT));
    if (PQconsumeInput(connection_.get()) != 1) return ConnectionFailure();
  }
}

absl::Status CopySession::ReadInput() {
  RETURN_IF_ERROR(WaitFor(POLLIN));
  if (PQconsumeInput(connection_.get()) != 1) return ConnectionFailure();
  return absl::OkStatus();
}

absl::Status CopySession::WaitFor(int events) {
  const absl::Time end = absl::Now() + silence_.total;
  while (true) {
    const absl::Time probe = std::min(end, absl::Now() + silence_.probe_after);
    ASSIGN_OR_RETURN(bool ready, WaitUntil(events, probe));
    if (ready) return absl::OkStatus();
    if (absl::Now() >= end) {
      return GiveUp(absl::UnavailableError(absl::StrCat("PostgreSQL sent nothing for ",
                                                        absl::FormatDuration(silence_.total),
                                                        ", although it accepts sessions")));
    }
    const Deadline probe_end = waiter_->deadline().NotAfter(absl::Now() + silence_.probe_max);
    if (ServerAnswers(connection_.get(), options_, probe_end)) continue;
    if (absl::Status over = waiter_->deadline().Check(); !over.ok()) return GiveUp(std::move(over));
    // What came during the probe counts.
    ASSIGN_OR_RETURN(ready, WaitUntil(events, absl::InfinitePast()));
    if (!ready) return GiveUp(absl::UnavailableError("PostgreSQL has stopped answering"));
    return absl::OkStatus();
  }
}

absl::StatusOr<bool> CopySession::WaitUntil(int events, absl::Time until) {
  absl::StatusOr<bool> ready = waiter_->Wait(PQsocket(connection_.get()), events, until);
  if (!ready.ok()) return GiveUp(ready.status());
  return ready;
}

// Reads all results of the last command; the first failure and the last value count.
absl::StatusOr<CopySession::Answer> CopySession::ReadAnswer() {
  Answer answer;
  while (true) {
    absl::Status read;
    while (read.ok() && PQisBusy(connection_.get()) != 0) read = ReadInput();
    // Why the server ended the session says more than that the socket is closed.
    if (!read.ok()) return IsConnectionLost(answer.status) ? answer.status : read;
    const Result result(PQgetResult(connection_.get()));
    if (result == nullptr) break;
    answer.status.Update(StatusOf(result.get()));
    answer.tag = PQcmdStatus(result.get());
    answer.affected_rows = PQcmdTuples(result.get());
    answer.value = FirstValue(result.get());
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
      break;  // libpq repeats these for ever.
  }
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    if (IsConnectionLost(answer.status)) return GiveUp(std::move(answer.status));
    return ConnectionFailure();
  }
  return answer;
}

absl::Status CopySession::CheckUsable() const {
  if (given_up_ || PQstatus(connection_.get()) != CONNECTION_OK) {
    return absl::UnavailableError("the session with PostgreSQL has ended");
  }
  return absl::OkStatus();
}

absl::Status CopySession::GiveUp(absl::Status reason) {
  given_up_ = true;
  return reason;
}

absl::Status CopySession::ConnectionFailure() {
  return GiveUp(StatusFromSqlState("08006", PQerrorMessage(connection_.get())));
}

std::string TryAdvisoryLockQuery(int64_t key) {
  return absl::StrCat("SELECT pg_try_advisory_lock(", key, ")");
}

}  // namespace fairway::postgres
