#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/domain/daily_rate.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/day.h"

namespace fairway {

// One lane and range. Origin and destination are port codes or region slugs, already of the right
// form; whether they exist is for the reader to say.
struct RateQuery {
  std::string origin;
  std::string destination;
  DayRange days;
  DatasetVersion at_least = 0;  // 0: whatever version the reader holds.
};

// What a reader answers from.
struct DatasetSummary {
  DatasetVersion newest_version = 0;
  std::optional<absl::Time> newest_commit_time;  // None at version 0.
  DatasetVersion held_version = 0;
  absl::Duration lag;
  int64_t price_count = 0;
  int64_t lane_count = 0;
  int64_t port_count = 0;
  int64_t region_count = 0;
  int64_t memory_bytes = 0;
  std::string engine;  // "sql" or "memory".
};

// Reads daily rates of whole versions: an answer never shows a part of a batch. Thread-safe.
class RateReader {
 public:
  virtual ~RateReader() = default;

  // One entry for every day of the range, ascending.
  // LOCATION_NOT_FOUND; VERSION_NOT_YET_VISIBLE when the reader holds less than at_least;
  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE where the reader needs one.
  virtual absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                                    absl::Time deadline) = 0;

  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE where the reader needs one.
  virtual absl::StatusOr<DatasetSummary> ReadDataset(absl::Time deadline) = 0;
};

}  // namespace fairway
