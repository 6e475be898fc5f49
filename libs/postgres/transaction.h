#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"

namespace pqxx {
class transaction_base;
}

namespace fairway::postgres {

enum class Isolation { kReadCommitted, kRepeatableRead };

struct TransactionOptions {
  Isolation isolation = Isolation::kReadCommitted;
  bool read_only = false;
  // Becomes the statement_timeout of every statement. COMMIT is not sent after it. When the server
  // does not keep it, or the deadline is cancelled, the session is ended, and with it the
  // statement.
  Deadline deadline = absl::InfiniteFuture();
  // More than one: a transaction that lost against another one (IsSerializationFailure) runs again
  // from its start, after a short random pause. The body must be able to.
  int attempts_max = 1;
};

// All its statements see the same state of the database.
TransactionOptions ReadOnlySnapshot(const Deadline& deadline);

// What happens inside a transaction. May throw whatever libpqxx throws.
using TransactionBody = absl::FunctionRef<absl::Status(pqxx::transaction_base&)>;

// Runs `body` in a transaction on a connection of `pool`; commits when it returns OK and rolls back
// when it returns anything else or throws. No exception leaves this function.
//
// Returns the body's own status; DEADLINE_EXCEEDED or CANCELLED when that came first, whatever the
// server does; UNAVAILABLE when there is no connection; UNKNOWN when COMMIT was sent and its answer
// never came (IsCommitInDoubt); else what errors.h says of the failure. An idle connection found
// dead, or silent for a second, is replaced silently, as long as nothing was asked on it.
absl::Status RunTransaction(Pool& pool, const TransactionOptions& options, TransactionBody body);

// The same for a body that returns a StatusOr: the value of its last run.
template <typename Body, typename Result = std::invoke_result_t<Body&, pqxx::transaction_base&>,
          typename Value = typename Result::value_type>
absl::StatusOr<Value> RunTransaction(Pool& pool, const TransactionOptions& options, Body body) {
  std::optional<Value> value;
  const auto run = [&](pqxx::transaction_base& transaction) -> absl::Status {
    Result result = body(transaction);
    if (!result.ok()) return std::move(result).status();
    value = *std::move(result);
    return absl::OkStatus();
  };
  const absl::Status status = RunTransaction(pool, options, run);
  if (!status.ok()) return status;
  return *std::move(value);
}

}  // namespace fairway::postgres
