#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "libs/base/pace.h"
#include "libs/domain/price.h"

namespace fairway {

// Sorts prices, ascending; `scratch` is kept by the caller, who sorts again and again. Spends one
// unit of `pace` for each price and pass. The errors of the pace, with the prices in any order.
absl::Status SortPrices(absl::Span<Price> prices, std::vector<Price>& scratch, Pace& pace);

}  // namespace fairway
