#pragma once

#include <memory>

#include "libs/storage/rate_reader.h"

namespace fairway::query {

// A snapshot for who reads from it now and then: held where that takes no memory, else leased, so
// that it may go between two readings. One thread at a time.
class KeptSnapshot {
 public:
  void Keep(const std::shared_ptr<const RateSnapshot>& snapshot);

  // To be held while it is read, and not longer. Null once it has gone.
  std::shared_ptr<const RateSnapshot> Get() const { return held_ ? held_ : leased_.lock(); }
  // Whether it is leased, and there.
  bool is_in_memory() const { return lease_ != nullptr && !leased_.expired(); }

 private:
  std::shared_ptr<const RateSnapshot> held_;  // Null where there is a lease.
  std::shared_ptr<const void> lease_;
  std::weak_ptr<const RateSnapshot> leased_;
};

}  // namespace fairway::query
