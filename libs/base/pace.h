#pragma once

#include <cstdint>

#include "absl/status/status.h"

#include "libs/base/deadline.h"

namespace fairway {

// Checks a deadline once per interval of work, so that the checks cost nothing. Borrows the
// deadline. One thread.
class Pace {
 public:
  // `interval`: work, in units of the caller's, that takes a millisecond or two.
  Pace(const Deadline& deadline, int64_t interval) : deadline_(deadline), interval_(interval) {}

  // `work` is about to be done. The errors of Deadline::Check().
  absl::Status Spend(int64_t work) {
    spent_ += work;
    if (spent_ < interval_) return absl::OkStatus();
    spent_ = 0;
    return deadline_.Check();
  }

 private:
  const Deadline& deadline_;
  const int64_t interval_;
  int64_t spent_ = 0;
};

}  // namespace fairway
