#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/rate_reader.h"
#include "services/query/executors.h"

namespace fairway::query {

// What snapshot.ReadDailyRates() answers, with its errors, for at least two days. Where a thread of
// `helpers` is idle, it is offered the second half of them while the caller reads the first; else
// the caller reads all at once. Never waits for a helper that has not begun. Only for a snapshot in
// memory: from a database each half would take a connection of its own.
absl::StatusOr<DailyRates> ReadInHalves(const RateSnapshot& snapshot, const RateQuery& query,
                                        const Deadline& deadline, rpc::Executor& helpers);

}  // namespace fairway::query
