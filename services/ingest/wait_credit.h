#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"

#include "libs/domain/limits.h"

namespace fairway::ingest {

// How long an upload may still wait for its client while others wait for its place. Waiting spends
// the credit and rows earn it back, so that only a client slower than kUploadRowsPerSecondMin uses
// it up. Never below zero: a slow beginning is not charged to a fast end. One thread.
class WaitCredit {
 public:
  absl::Duration left() const { return left_; }

  // A clock that was set back earns nothing.
  void Spend(absl::Duration waited) { left_ -= std::clamp(waited, absl::ZeroDuration(), left_); }

  void Earn(int64_t rows) {
    const absl::Duration per_row = absl::Seconds(1) / limits::kUploadRowsPerSecondMin;
    left_ = std::min(limits::kUploadWaitCreditMax, left_ + rows * per_row);
  }

 private:
  absl::Duration left_ = limits::kUploadWaitCreditMax;
};

}  // namespace fairway::ingest
