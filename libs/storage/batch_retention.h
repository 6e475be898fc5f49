#pragma once

#include <cstdint>

#include "absl/time/time.h"

// How long what did not become a committed batch is kept.
namespace fairway::retention {

// An attempt that has not ended by then is EXPIRED, whatever became of its task.
inline constexpr absl::Duration kReceivingTimeMax = absl::Hours(24);
// Attempts that FAILED, were CANCELLED or EXPIRED are forgotten after this, with their row errors.
inline constexpr absl::Duration kEndedAttemptTimeMax = absl::Hours(24 * 30);
// Row errors of a partner beyond these are dropped sooner, the oldest attempt's first. Their totals
// stay.
inline constexpr int64_t kRowErrorsPerPartnerMax = 100'000;

}  // namespace fairway::retention
