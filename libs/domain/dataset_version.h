#pragma once

#include <cstdint>

namespace fairway {

// The number of a state of the data set: 0 before anything was stored, then one more for every
// commit, revert and change of the locations, without gaps.
using DatasetVersion = int64_t;

}  // namespace fairway
