#pragma once

#include <memory>

#include "libs/storage/rate_reader.h"

namespace fairway::query {

// A snapshot that is read at intervals: held where that takes no memory, else leased, so that it
// may be freed between two reads. One thread at a time.
class KeptSnapshot {
 public:
  void Keep(const std::shared_ptr<const RateSnapshot>& snapshot);

  // Held by the caller while it is read, not longer. Null once it was freed.
  std::shared_ptr<const RateSnapshot> Get() const { return held_ ? held_ : leased_.lock(); }
  // Whether it is leased and was not freed.
  bool is_in_memory() const { return lease_ != nullptr && !leased_.expired(); }

 private:
  std::shared_ptr<const RateSnapshot> held_;  // Null where there is a lease.
  std::shared_ptr<const void> lease_;
  std::weak_ptr<const RateSnapshot> leased_;
};

}  // namespace fairway::query
