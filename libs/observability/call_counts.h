#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace fairway::observability {

// Counts the calls of one method. Each processor has one of a few copies, so that calls on several
// of them do not wait for one cache line; a reader sums them up. Thread-safe.
class CallCounts {
 public:
  // One for each gRPC status code.
  static constexpr size_t kCodes = 17;
  // From a fifth of a millisecond (memory) to half an hour (uploads).
  static constexpr std::array<double, 19> kSecondsBounds = {
      0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
      0.5,    1,      2,     5,     10,    30,   60,   300,  1800};

  enum Event { kStarted, kMessageReceived, kMessageSent, kServerFault, kEvents };

  struct Totals {
    std::array<int64_t, kEvents> events = {};
    std::array<int64_t, kCodes> handled = {};
    // Calls that took no longer than a bound and longer than the one before; the last took longer
    // than all bounds.
    std::array<int64_t, kSecondsBounds.size() + 1> took = {};
    double seconds = 0;  // Of all calls.
  };

  void Add(Event event) { Increment(of_this_processor().events[event]); }
  // A call ended; a code that gRPC does not know counts as UNKNOWN.
  void Handled(absl::StatusCode code, absl::Duration time);

  // Counts that are added meanwhile may be in it or not, each for itself.
  Totals Sum() const;

 private:
  using Count = std::atomic<int64_t>;
  struct alignas(64) Copy {
    std::array<Count, kEvents> events = {};
    std::array<Count, kCodes> handled = {};
    std::array<Count, kSecondsBounds.size() + 1> took = {};
    Count nanoseconds = 0;
  };
  static constexpr size_t kCopies = 8;

  static void Increment(Count& count, int64_t by = 1) {
    count.fetch_add(by, std::memory_order_relaxed);
  }
  Copy& of_this_processor();

  std::array<Copy, kCopies> copies_;
};

}  // namespace fairway::observability
