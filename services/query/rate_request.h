#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "libs/domain/consistency.h"
#include "libs/domain/daily_rate.h"
#include "libs/domain/day.h"
#include "libs/domain/limits.h"
#include "libs/domain/location_code.h"
#include "services/query/export_cursor.h"

// Requests for rates as the operations take them: each field is valid, and what is left to be
// refused depends on the data.
namespace fairway::query {

// Which of kReportedPercentiles are wanted.
using StatisticSet = std::bitset<kReportedPercentiles.size()>;

// A lane as a request names it.
struct NamedLane {
  LocationCode origin;
  LocationCode destination;
};

// The same as its client wrote it, malformed or not.
struct LaneText {
  std::string origin;
  std::string destination;
};

// What holds for all lanes of a request.
struct RateOptions {
  DayRange days;
  int64_t min_price_count = limits::kMinPriceCount;
  StatisticSet statistics;
};

struct RateRequest {
  NamedLane lane;
  RateOptions options;
  Consistency consistency;
};

struct RateBatchRequest {
  // A malformed lane is an error of its own where partial success is wanted.
  std::vector<absl::StatusOr<NamedLane>> lanes;
  std::vector<LaneText> lane_texts;  // As long; for the answer.
  RateOptions options;
  Consistency consistency;
  bool return_partial_success = false;
};

struct RateExportRequest {
  std::vector<NamedLane> lanes;  // None: every lane that has prices.
  RateOptions options;
  Consistency consistency;  // When it is resumed: exactly the version it began with.
  ExportCursor begin;
  std::string fingerprint;  // RequestFingerprint() of all but the token, which is bound to it.
};

// RANGE_TOO_LARGE when the days of so many lanes may not fit in one message.
absl::Status CheckAnswerFits(size_t lanes, const RateOptions& options);

}  // namespace fairway::query
