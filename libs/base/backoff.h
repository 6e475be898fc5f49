#pragma once

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace fairway {

// How long to wait between attempts: twice as long each time, up to a bound, plus a random part of
// up to a half, so that clients that failed together do not retry together. One thread.
class Backoff {
 public:
  Backoff(absl::Duration first, absl::Duration longest,
          uint32_t seed = static_cast<uint32_t>(std::random_device{}()));

  // At least `least`, which is what a server may have asked for.
  absl::Duration Next(absl::Duration least = absl::ZeroDuration());

 private:
  const absl::Duration longest_;
  absl::Duration next_;
  std::minstd_rand random_;
};

}  // namespace fairway
