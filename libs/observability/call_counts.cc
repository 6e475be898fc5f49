#include "libs/observability/call_counts.h"

#include <sched.h>

#include <algorithm>

namespace fairway::observability {
namespace {

size_t BucketOf(absl::Duration time) {
  const auto& bounds = CallCounts::kSecondsBounds;
  return std::lower_bound(bounds.begin(), bounds.end(), absl::ToDoubleSeconds(time)) -
         bounds.begin();
}

template <typename Counts, typename Sums>
void AddEach(const Counts& counts, Sums& sums) {
  for (size_t i = 0; i < counts.size(); ++i) sums[i] += counts[i].load(std::memory_order_relaxed);
}

}  // namespace

// The thread may move to another processor before it adds, so what it adds to is atomic all the
// same.
CallCounts::Copy& CallCounts::of_this_processor() {
  return copies_[static_cast<size_t>(sched_getcpu()) % kCopies];
}

void CallCounts::Handled(absl::StatusCode code, absl::Duration time) {
  const auto index = static_cast<size_t>(code);
  Copy& counts = of_this_processor();
  Increment(
      counts.handled[index < kCodes ? index : static_cast<size_t>(absl::StatusCode::kUnknown)]);
  Increment(counts.took[BucketOf(time)]);
  Increment(counts.nanoseconds, absl::ToInt64Nanoseconds(time));
}

CallCounts::Totals CallCounts::Sum() const {
  Totals totals;
  int64_t nanoseconds = 0;
  for (const Copy& copy : copies_) {
    AddEach(copy.events, totals.events);
    AddEach(copy.handled, totals.handled);
    AddEach(copy.took, totals.took);
    nanoseconds += copy.nanoseconds.load(std::memory_order_relaxed);
  }
  totals.seconds = static_cast<double>(nanoseconds) / 1e9;
  return totals;
}

}  // namespace fairway::observability
