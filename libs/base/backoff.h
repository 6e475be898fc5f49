#pragma once

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace fairway {

// How long to wait between attempts: each time twice as long, up to a bound, and a random part more
// so that those who failed together do not come back together. For one thread.
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
