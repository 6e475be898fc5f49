#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/postgres/connection_options.h"
#include "libs/postgres/pool.h"

namespace fairway {

// Ends every RECEIVING attempt whose advisory lock nobody holds, and removes its prices. Returns
// how many. Statuses of libs/postgres.
absl::StatusOr<int> SweepInterruptedBatches(postgres::Pool& pool,
                                            const postgres::ConnectionOptions& connection,
                                            absl::Time deadline);

}  // namespace fairway
