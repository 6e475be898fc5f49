#include "libs/postgres/errors.h"

#include <pqxx/except>

#include <array>
#include <exception>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fairway::postgres {
namespace {

constexpr absl::string_view kConnectionFailure = "08006";
constexpr absl::string_view kTransactionRollback = "40000";
constexpr absl::string_view kSerializationFailure = "40001";
constexpr absl::string_view kDeadlockDetected = "40P01";
constexpr absl::string_view kTooManyConnections = "53300";
constexpr absl::string_view kInsufficientPrivilege = "42501";
constexpr absl::string_view kUndefinedSchema = "3F000";
constexpr absl::string_view kUndefinedTable = "42P01";

struct CodeOfPrefix {
  absl::string_view prefix;
  absl::StatusCode code;
};

// The first prefix that fits decides.
constexpr std::array<CodeOfPrefix, 13> kCodes = {{
    {"08", absl::StatusCode::kUnavailable},
    {"23505", absl::StatusCode::kAlreadyExists},
    {"23", absl::StatusCode::kFailedPrecondition},
    {"25006", absl::StatusCode::kUnavailable},  // Read-only: a primary that was demoted.
    {"25P03", absl::StatusCode::kUnavailable},  // Idle in transaction: the session was ended.
    {kUndefinedSchema, absl::StatusCode::kUnavailable},  // The database is not migrated yet.
    {"40", absl::StatusCode::kAborted},
    {kUndefinedTable, absl::StatusCode::kUnavailable},  // The same.
    {"53300", absl::StatusCode::kUnavailable},
    {"53", absl::StatusCode::kResourceExhausted},
    {"55P03", absl::StatusCode::kAborted},
    {"57014", absl::StatusCode::kDeadlineExceeded},
    {"57P0", absl::StatusCode::kUnavailable},
}};

absl::StatusCode CodeOf(absl::string_view sqlstate) {
  for (const CodeOfPrefix& entry : kCodes) {
    if (absl::StartsWith(sqlstate, entry.prefix)) return entry.code;
  }
  return absl::StatusCode::kInternal;
}

}  // namespace

absl::Status StatusFromSqlState(absl::string_view sqlstate, absl::string_view message) {
  absl::Status status(CodeOf(sqlstate), absl::StripSuffix(message, "\n"));
  if (!sqlstate.empty()) status.SetPayload(kSqlStatePayload, absl::Cord(sqlstate));
  return status;
}

absl::Status CommitInDoubt(absl::string_view message) {
  return CommitInDoubt(absl::UnknownError(message));
}

absl::Status CommitInDoubt(const absl::Status& cause) {
  absl::Status status(cause.code(),
                      absl::StrCat("the outcome of COMMIT is unknown: ", cause.message()));
  status.SetPayload(kCommitInDoubtPayload, absl::Cord("1"));
  return status;
}

// libpqxx has several exception trees, and transaction_rollback is no sql_error: the order of these
// handlers matters.
absl::Status StatusFromCurrentException() {
  try {
    throw;
  } catch (const pqxx::in_doubt_error& e) {
    return CommitInDoubt(e.what());
  } catch (const pqxx::statement_completion_unknown& e) {
    return CommitInDoubt(e.what());
  } catch (const pqxx::serialization_failure& e) {
    return StatusFromSqlState(kSerializationFailure, e.what());
  } catch (const pqxx::deadlock_detected& e) {
    return StatusFromSqlState(kDeadlockDetected, e.what());
  } catch (const pqxx::transaction_rollback& e) {
    return StatusFromSqlState(kTransactionRollback, e.what());
  } catch (const pqxx::too_many_connections& e) {
    return StatusFromSqlState(kTooManyConnections, e.what());
  } catch (const pqxx::broken_connection& e) {
    return StatusFromSqlState(kConnectionFailure, e.what());
  } catch (const pqxx::insufficient_privilege& e) {  // Thrown without its code.
    return StatusFromSqlState(kInsufficientPrivilege, e.what());
  } catch (const pqxx::sql_error& e) {
    return StatusFromSqlState(e.sqlstate(), e.what());
  } catch (const pqxx::conversion_error& e) {
    return absl::InternalError(absl::StrCat("a column has a value of another kind: ", e.what()));
  } catch (const std::exception& e) {
    return absl::InternalError(e.what());
  } catch (...) {
    return absl::InternalError("an exception that is no std::exception");
  }
}

std::string SqlState(const absl::Status& status) {
  const auto payload = status.GetPayload(kSqlStatePayload);
  return payload.has_value() ? std::string(*payload) : std::string();
}

bool IsCommitInDoubt(const absl::Status& status) {
  return status.GetPayload(kCommitInDoubtPayload).has_value();
}

bool IsSerializationFailure(const absl::Status& status) {
  const std::string sqlstate = SqlState(status);
  return sqlstate == kSerializationFailure || sqlstate == kDeadlockDetected;
}

bool IsSchemaMissing(const absl::Status& status) {
  const std::string sqlstate = SqlState(status);
  return sqlstate == kUndefinedSchema || sqlstate == kUndefinedTable;
}

bool IsInsufficientPrivilege(const absl::Status& status) {
  return SqlState(status) == kInsufficientPrivilege;
}

bool IsConnectionLost(const absl::Status& status) {
  if (IsCommitInDoubt(status)) return true;
  const std::string sqlstate = SqlState(status);
  return !sqlstate.empty() && CodeOf(sqlstate) == absl::StatusCode::kUnavailable &&
         !IsSchemaMissing(status);
}

}  // namespace fairway::postgres
