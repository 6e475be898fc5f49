#include "services/ingest/claimant.h"

#include <algorithm>

namespace fairway::ingest {

void ClaimantCounts::Add(const Claimant& claimant) {
  ++total_;
  ++by_partner_[claimant.partner];
  ++by_peer_[claimant.peer];
}

void ClaimantCounts::Remove(const Claimant& claimant) {
  --total_;
  Forget(by_partner_, claimant.partner);
  Forget(by_peer_, claimant.peer);
}

int ClaimantCounts::OfPartner(const Claimant& claimant) const {
  return CountOf(by_partner_, claimant.partner);
}

int ClaimantCounts::OfPeer(const Claimant& claimant) const {
  return CountOf(by_peer_, claimant.peer);
}

ClaimantCounts::Weight ClaimantCounts::WeightOf(const Claimant& claimant) const {
  const auto [smaller, larger] = std::minmax({OfPartner(claimant), OfPeer(claimant)});
  return {.larger = larger, .smaller = smaller};
}

int ClaimantCounts::CountOf(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

void ClaimantCounts::Forget(Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  if (--found->second == 0) counts.erase(found);
}

}  // namespace fairway::ingest
