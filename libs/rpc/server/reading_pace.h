#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace fairway::rpc {

// How far the client of a stream is behind the pace at which it must read once others want its
// place: limits::kReadBytesPerSecondMin while a message waits for it. Time without a message to
// read lets it catch up, so that a stream which mostly waits for news is never behind.
//
// One thread at a time writes, any may look. What it writes is handed over with WriteStarts() and
// taken back with WriteEnds(), which ThreadSanitizer cannot see from gRPC.
class ReadingPace {
 public:
  void WriteStarts(absl::Time now, size_t bytes);
  void WriteEnds(absl::Time now);

  // Since when a message has waited; never when none does.
  absl::Time unread_since() const;
  // Zero while no message waits.
  absl::Duration BehindAt(absl::Time now) const;

 private:
  static constexpr int64_t kNoWrite = 0;

  // In nanoseconds.
  std::atomic<int64_t> start_ = kNoWrite;
  std::atomic<int64_t> allowed_ = 0;  // What the message that waits may take.
  std::atomic<int64_t> behind_ = 0;   // Before that message.
  int64_t end_ = 0;
};

}  // namespace fairway::rpc
