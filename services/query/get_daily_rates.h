#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/rate_reader.h"
#include "services/query/rate_terms.h"

namespace fairway::query {

// A lane as it was asked for: codes or slugs.
struct NamedLane {
  std::string origin;
  std::string destination;
};

// The rates of a lane, and what they are to be told by.
struct LaneAnswer {
  DailyRates rates;
  int64_t min_price_count = 0;
  StatisticSet statistics;
};

// What a lane costs, day by day. INVALID_LOCATION, the errors of CheckTerms() and the snapshot's.
absl::StatusOr<LaneAnswer> GetDailyRates(const RateSnapshot& snapshot, const NamedLane& lane,
                                         const RateTerms& terms, const Deadline& deadline);

// What it takes to answer so many days of a lane, in lane-days (see executors.h): what the snapshot
// looks at, and the days and statistics of the answer, each of which is written and sent. At no
// cost.
int64_t EstimateWork(const RateSnapshot& snapshot, const NamedLane& lane, int64_t days,
                     int statistics);

// The same for terms that were checked. `path` is where in the request the lane stands: "" or
// "lanes[3].".
absl::StatusOr<LaneAnswer> GetLaneRates(const RateSnapshot& snapshot, absl::string_view path,
                                        const NamedLane& lane, const CheckedTerms& terms,
                                        const Deadline& deadline);

}  // namespace fairway::query
