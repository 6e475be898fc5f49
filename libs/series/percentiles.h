#pragma once

#include "absl/types/span.h"

#include "libs/domain/daily_rate.h"
#include "libs/domain/price.h"

namespace fairway {

// The percentiles of at least one price, ascending. As percentile_cont of SQL defines it: the value
// at rank p × (n - 1), counted from 0, interpolated linearly between the two closest prices
// (https://www.postgresql.org/docs/15/functions-aggregate.html).
Percentiles PercentilesOf(absl::Span<const Price> ascending);

}  // namespace fairway
