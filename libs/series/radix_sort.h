#pragma once

#include <cstdint>
#include <vector>

namespace fairway {

// Sorts `keys` ascending by their bits from `first_bit` up; keys that are equal there keep their
// order. Least significant digit first, and digits that all keys share cost nothing, so packed keys
// with few bits in use sort in few passes. `scratch` is working space, kept by the caller because
// runs follow each other.
void RadixSort(std::vector<uint64_t>& keys, std::vector<uint64_t>& scratch, int first_bit);

}  // namespace fairway
