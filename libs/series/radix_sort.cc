#include "libs/series/radix_sort.h"

#include <array>
#include <cstddef>
#include <utility>

namespace fairway {
namespace {

// 2^11 counters fit the first-level cache, and 64 bits need 6 passes rather than 8.
constexpr int kDigitBits = 11;
constexpr size_t kDigits = size_t{1} << kDigitBits;
using Counts = std::array<uint32_t, kDigits>;

size_t Digit(uint64_t key, int bit) { return (key >> bit) & (kDigits - 1); }

void Scatter(const std::vector<uint64_t>& from, std::vector<uint64_t>& to, const Counts& counts,
             int bit) {
  Counts next;
  uint32_t position = 0;
  for (size_t digit = 0; digit < kDigits; ++digit) {
    next[digit] = position;
    position += counts[digit];
  }
  for (const uint64_t key : from) to[next[Digit(key, bit)]++] = key;
}

}  // namespace

void RadixSort(std::vector<uint64_t>& keys, std::vector<uint64_t>& scratch, int first_bit) {
  if (keys.empty()) return;
  scratch.resize(keys.size());
  for (int bit = first_bit; bit < 64; bit += kDigitBits) {
    Counts counts{};
    for (const uint64_t key : keys) ++counts[Digit(key, bit)];
    if (counts[Digit(keys.front(), bit)] == keys.size()) continue;
    Scatter(keys, scratch, counts, bit);
    std::swap(keys, scratch);
  }
}

}  // namespace fairway
