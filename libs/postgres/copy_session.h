#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/postgres/connect.h"
#include "libs/postgres/connection_options.h"
#include "libs/postgres/socket_waiter.h"

namespace fairway::postgres {

// How long a session waits for a server that sends nothing. A large sort is silent for minutes,
// and so is a server that hangs: after `probe_after`, and again each time that it has passed, the
// server is asked for another session, which any that lives answers within `probe_max`.
struct SilenceLimits {
  absl::Duration probe_after = absl::Seconds(5);
  absl::Duration probe_max = absl::Seconds(5);
  // The end, also where probes are answered. More than the largest sort takes.
  absl::Duration total = absl::Minutes(2);
};

// A session of its own for bulk transfers: simple commands and binary COPY, over libpq, because
// libpqxx has no binary COPY. Destroying it ends the session at once: the server undoes what was
// not committed and frees the session's locks.
//
// Every call ends by the session's deadline or its cancellation, also when the server or the
// network stalls: the socket is never waited for any longer. A session that missed its deadline,
// was cancelled or lost its connection answers UNAVAILABLE from then on (and keeps its locks until
// it is destroyed); the codes of errors.h otherwise. One thread at a time.
class CopySession {
 public:
  // As Connect(). `deadline` becomes the session's deadline. Deadlines of uploads and loads are
  // long: a server that hangs is given up by `silence`.
  static absl::StatusOr<std::unique_ptr<CopySession>> Open(const ConnectionOptions& options,
                                                           const Deadline& deadline,
                                                           const SilenceLimits& silence = {});
  ~CopySession();
  CopySession(const CopySession&) = delete;
  CopySession& operator=(const CopySession&) = delete;

  void set_deadline(const Deadline& deadline) { waiter_.emplace(deadline); }
  // Whether the session is in no transaction and, as far as is known here, has not ended.
  bool IsIdle() const;

  // BEGIN, ROLLBACK, SET and the like; several commands may be separated by semicolons. For COMMIT
  // there is Commit().
  absl::Status Execute(absl::string_view sql);
  // BEGIN, of a transaction that compresses long values by this method (pglz, lz4) where the server
  // has it, else by its default.
  absl::Status BeginCompressing(absl::string_view method);
  // The first column of the first row; nullopt when it is null or there is no row.
  absl::StatusOr<std::optional<std::string>> QueryValue(absl::string_view sql);
  // Waits for a session-level advisory lock, which the session keeps until it releases it or ends.
  // False when another session still has it after `wait_max`, which is not 0: see
  // TryAdvisoryLockQuery().
  absl::StatusOr<bool> AwaitAdvisoryLock(int64_t key, absl::Duration wait_max);
  absl::Status ReleaseAdvisoryLock(int64_t key);
  // ABORTED when the transaction had failed before; UNKNOWN when the answer never came
  // (IsCommitInDoubt).
  absl::Status Commit();

  // `sql` is COPY … FROM STDIN (FORMAT binary).
  absl::Status BeginCopy(absl::string_view sql);
  // Whole rows or parts of them, as BinaryRows makes them. Returns when all is on its way, so a
  // slow server slows its client and never fills its memory. What the server has against the rows
  // shows in EndCopy().
  absl::Status Write(absl::string_view bytes);
  // The number of rows stored.
  absl::StatusOr<int64_t> EndCopy();

  // `sql` is COPY … TO STDOUT (FORMAT binary). Gives every row to `sink`, which may look at it with
  // BinaryRow during the call; the sink's failure ends the session.
  absl::Status CopyOut(absl::string_view sql,
                       absl::FunctionRef<absl::Status(absl::string_view row)> sink);

 private:
  struct Answer {
    absl::Status status;
    std::string tag;  // "COPY 5"
    std::string affected_rows;
    std::optional<std::string> value;
  };

  CopySession(ConnectionHandle connection, const ConnectionOptions& options,
              const Deadline& deadline, const SilenceLimits& silence);

  absl::StatusOr<Answer> Run(absl::string_view sql);
  absl::Status Send(absl::string_view sql);
  absl::Status PutData(absl::string_view piece);
  absl::Status PutEnd();
  absl::Status Flush();
  absl::Status ReadInput();
  absl::Status WaitFor(int events);
  absl::StatusOr<bool> WaitUntil(int events, absl::Time until);
  absl::StatusOr<Answer> ReadAnswer();
  absl::StatusOr<bool> ReadCopyData(absl::FunctionRef<absl::Status(absl::string_view)> sink);
  absl::Status CheckUsable() const;
  // Marks the session as unusable and returns why.
  absl::Status GiveUp(absl::Status reason);
  absl::Status ConnectionFailure();

  const ConnectionHandle connection_;
  const ConnectionOptions options_;
  const SilenceLimits silence_;
  std::optional<SocketWaiter> waiter_;  // Never empty; replaced with each deadline.
  bool given_up_ = false;
};

// Takes the lock if no other session has it; answers "t" when it was taken, else "f".
std::string TryAdvisoryLockQuery(int64_t key);

}  // namespace fairway::postgres
