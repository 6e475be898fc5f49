#include "libs/base/backoff.h"

#include <algorithm>

namespace fairway {
namespace {

constexpr double kJitterMax = 0.5;

}  // namespace

Backoff::Backoff(absl::Duration first, absl::Duration longest, uint32_t seed)
    : longest_(longest), next_(std::min(first, longest)), random_(seed) {}

absl::Duration Backoff::Next(absl::Duration least) {
  const double jitter = std::uniform_real_distribution<double>(1.0, 1.0 + kJitterMax)(random_);
  const absl::Duration pause = std::max(next_, least) * jitter;
  next_ = std::min(next_ * 2, longest_);
  return pause;
}

}  // namespace fairway
