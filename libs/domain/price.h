#pragma once

#include <cstdint>

#include "libs/domain/day.h"
#include "libs/domain/limits.h"
#include "libs/domain/location.h"

namespace fairway {

// Whole US dollars for one container on one lane and day.
using Price = int32_t;

constexpr bool IsPriceInRange(int64_t price) {
  return limits::kPriceMin <= price && price <= limits::kPriceMax;
}

// A directed pair of ports.
struct Lane {
  PortId origin;
  PortId destination;

  friend auto operator<=>(const Lane&, const Lane&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Lane& lane) {
    return H::combine(std::move(state), lane.origin, lane.destination);
  }
};

}  // namespace fairway
