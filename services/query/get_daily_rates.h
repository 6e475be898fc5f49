#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/rate_reader.h"
#include "services/query/executors.h"
#include "services/query/rate_request.h"

namespace fairway::query {

// The rates of a lane, and how they are to be reported.
struct LaneAnswer {
  DailyRates rates;
  int64_t min_price_count = 0;
  StatisticSet statistics;
};

// What a lane costs, day by day. The errors of RateSnapshot::ReadDailyRates(). `helpers`: threads
// that may take half of what takes long, from a snapshot in memory; null with any other.
absl::StatusOr<LaneAnswer> GetDailyRates(const RateSnapshot& snapshot, const NamedLane& lane,
                                         const RateOptions& options, const Deadline& deadline,
                                         rpc::Executor* helpers = nullptr);

// What it takes to answer that, in lane-days (see executors.h): what the snapshot looks at, and the
// days and statistics of the answer, each of which is written and sent. Takes some microseconds at
// most.
int64_t EstimateWork(const RateSnapshot& snapshot, const NamedLane& lane,
                     const RateOptions& options);

}  // namespace fairway::query
