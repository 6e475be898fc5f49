#include "libs/rpc/server/reading_pace.h"

#include <algorithm>

#include "libs/domain/server_limits.h"

namespace fairway::rpc {

void ReadingPace::WriteStarts(absl::Time now, size_t bytes) {
  const int64_t start = absl::ToUnixNanos(now);
  behind_ = std::max<int64_t>(0, behind_ - (start - end_));
  allowed_ = absl::ToInt64Nanoseconds(
      absl::Seconds(static_cast<double>(bytes) / limits::kReadBytesPerSecondMin));
  start_.store(start, std::memory_order_release);
}

void ReadingPace::WriteEnds(absl::Time now) {
  const int64_t start = start_.load(std::memory_order_acquire);
  if (start == kNoWrite) return;
  end_ = absl::ToUnixNanos(now);
  behind_ = std::max<int64_t>(0, behind_ + end_ - start - allowed_);
  start_.store(kNoWrite, std::memory_order_release);
}

absl::Time ReadingPace::unread_since() const {
  const int64_t start = start_.load(std::memory_order_acquire);
  return start == kNoWrite ? absl::InfiniteFuture() : absl::FromUnixNanos(start);
}

absl::Duration ReadingPace::BehindAt(absl::Time now) const {
  const int64_t start = start_.load(std::memory_order_acquire);
  if (start == kNoWrite) return absl::ZeroDuration();
  return absl::Nanoseconds(
      std::max<int64_t>(0, behind_ + absl::ToUnixNanos(now) - start - allowed_));
}

}  // namespace fairway::rpc
