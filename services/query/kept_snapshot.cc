#include "services/query/kept_snapshot.h"

namespace fairway::query {

void KeptSnapshot::Keep(const std::shared_ptr<const RateSnapshot>& snapshot) {
  lease_ = snapshot->lease();
  leased_ = snapshot;
  held_ = lease_ == nullptr ? snapshot : nullptr;
}

}  // namespace fairway::query
