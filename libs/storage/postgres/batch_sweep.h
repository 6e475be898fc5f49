#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/postgres/copy_session_pool.h"
#include "libs/postgres/pool.h"

namespace fairway {

// Ends every RECEIVING attempt whose advisory lock nobody holds, and removes its prices. Returns
// how many. Statuses of libs/postgres.
absl::StatusOr<int> SweepInterruptedBatches(postgres::Pool& pool,
                                            postgres::CopySessionPool& sessions,
                                            const Deadline& deadline);

}  // namespace fairway
