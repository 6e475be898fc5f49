#pragma once

#include <compare>
#include <string>

#include "libs/base/name_counts.h"

namespace fairway::ingest {

// An upload that asks for a place, by its owner.
struct Claimant {
  std::string partner;
  std::string peer;  // Its address, without the port.
};

// Counts claimants by partner and by address.
class ClaimantCounts {
 public:
  // What one claimant has of something. The larger count weighs more, the smaller one decides
  // between equals: partners behind one proxy share its address.
  struct Weight {
    int larger = 0;
    int smaller = 0;
    friend auto operator<=>(const Weight&, const Weight&) = default;
  };

  void Add(const Claimant& claimant);
  void Remove(const Claimant& claimant);

  int total() const { return total_; }
  int OfPartner(const Claimant& claimant) const;
  int OfPeer(const Claimant& claimant) const;
  Weight WeightOf(const Claimant& claimant) const;

 private:
  int total_ = 0;
  NameCounts by_partner_;
  NameCounts by_peer_;
};

}  // namespace fairway::ingest
