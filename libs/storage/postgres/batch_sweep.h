#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/postgres/copy_session_pool.h"
#include "libs/postgres/pool.h"

namespace fairway {

// Ends every RECEIVING attempt whose advisory lock no session holds, or that is too old to be
// alive, and cleans up after attempts that ended earlier (attempt_cleanup.h). A failure is left to
// the next sweep and does not stop the rest. Returns how many attempts were ended, or the first
// failure. Statuses of libs/postgres. Any number of processes may sweep at a time.
absl::StatusOr<int> SweepAttempts(postgres::Pool& pool, postgres::CopySessionPool& sessions,
                                  const Deadline& deadline);

}  // namespace fairway
