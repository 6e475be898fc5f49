#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// How failures of PostgreSQL become statuses. The messages are the server's own: for the log, never
// for a client.
//
//   SQLSTATE                                code
//   40001, 40P01, 40xxx, 55P03              ABORTED             another transaction was in the way
//   57014                                   DEADLINE_EXCEEDED   statement_timeout or a cancel
//   08xxx, 57P01..57P05, 25006, 25P03,
//   53300                                   UNAVAILABLE         no (writable) server for us now
//   3F000, 42P01                            UNAVAILABLE         not migrated yet
//   53xxx                                   RESOURCE_EXHAUSTED  disk, memory
//   23505                                   ALREADY_EXISTS      unique violation
//   23xxx                                   FAILED_PRECONDITION other constraints
//   the outcome of COMMIT is not known      UNKNOWN, or why it  see IsCommitInDoubt
//                                           was not awaited
//   everything else                         INTERNAL            a mistake of ours, or a null or a
//                                                               value that another release wrote
namespace fairway::postgres {

// The payload that holds the SQLSTATE of a status made here.
inline constexpr absl::string_view kSqlStatePayload = "fairway.postgres/sqlstate";
// The payload that marks a COMMIT whose outcome is unknown.
inline constexpr absl::string_view kCommitInDoubtPayload = "fairway.postgres/commit_in_doubt";

// The status of a failure with this SQLSTATE. An empty `sqlstate` is INTERNAL.
absl::Status StatusFromSqlState(absl::string_view sqlstate, absl::string_view message);

// UNKNOWN, marked as a commit in doubt.
absl::Status CommitInDoubt(absl::string_view message);
// The same with the code of `cause`: the call's deadline or its cancellation ended the wait for the
// answer, which is no fault of the database.
absl::Status CommitInDoubt(const absl::Status& cause);

// Must be called inside a catch block: the status of the exception being handled, whichever it is.
absl::Status StatusFromCurrentException();

// The five characters of the SQLSTATE `status` carries; empty when it carries none.
std::string SqlState(const absl::Status& status);

// True when COMMIT was sent and the answer never came: the transaction happened or it did not. Ask
// the database for what the transaction would have written before doing it again.
bool IsCommitInDoubt(const absl::Status& status);

// True when the server undid the transaction for the sake of another one (serialization failure,
// deadlock) and the same transaction may succeed when it runs again from its start.
bool IsSerializationFailure(const absl::Status& status);

// True when there is no such table or schema: the database is not migrated yet.
bool IsSchemaMissing(const absl::Status& status);

// True when the user lacks a right.
bool IsInsufficientPrivilege(const absl::Status& status);

// True when the session cannot be used any more after this failure.
bool IsConnectionLost(const absl::Status& status);

}  // namespace fairway::postgres
