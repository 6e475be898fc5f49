#include "services/ingest/claimant.h"

#include <algorithm>

namespace fairway::ingest {

void ClaimantCounts::Add(const Claimant& claimant) {
  ++total_;
  by_partner_.Add(claimant.partner);
  by_peer_.Add(claimant.peer);
}

void ClaimantCounts::Remove(const Claimant& claimant) {
  --total_;
  by_partner_.Remove(claimant.partner);
  by_peer_.Remove(claimant.peer);
}

int ClaimantCounts::OfPartner(const Claimant& claimant) const {
  return by_partner_.Of(claimant.partner);
}

int ClaimantCounts::OfPeer(const Claimant& claimant) const { return by_peer_.Of(claimant.peer); }

ClaimantCounts::Weight ClaimantCounts::WeightOf(const Claimant& claimant) const {
  const auto [smaller, larger] = std::minmax({OfPartner(claimant), OfPeer(claimant)});
  return {.larger = larger, .smaller = smaller};
}

}  // namespace fairway::ingest
