#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace fairway {

// The deadline of what a test waits for: long enough for a busy machine, short enough that a test
// that hangs fails before its runner kills it.
inline absl::Time Soon(absl::Duration in = absl::Seconds(60)) { return absl::Now() + in; }

// Polls until `holds()`; false when it does not hold soon. Use it as EXPECT_TRUE(Eventually(…)).
template <typename Predicate>
[[nodiscard]] bool Eventually(Predicate holds, absl::Time deadline = Soon()) {
  while (!holds()) {
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

}  // namespace fairway
