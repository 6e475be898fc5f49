#include "libs/series/radix_sort.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"

namespace fairway {
namespace {

// What RadixSort promises, said with the standard library.
void ExpectSortsLikeStableSort(std::vector<uint64_t> keys, int first_bit) {
  std::vector<uint64_t> expected = keys;
  std::stable_sort(expected.begin(), expected.end(), [first_bit](uint64_t a, uint64_t b) {
    return (a >> first_bit) < (b >> first_bit);
  });
  std::vector<uint64_t> scratch;
  RadixSort(keys, scratch, first_bit);
  EXPECT_EQ(keys, expected);
}

TEST(RadixSortTest, SortsRandomKeysByAnyBits) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 60; ++round) {
    std::vector<uint64_t> keys(random() % 3000);
    const uint64_t mask = random() | (random() & random());
    for (uint64_t& key : keys) key = random() & mask;
    ExpectSortsLikeStableSort(keys, static_cast<int>(random() % 64));
  }
}

TEST(RadixSortTest, SortsKeysThatAreHardForSomeSorts) {
  std::vector<uint64_t> ascending(5000);
  for (size_t i = 0; i < ascending.size(); ++i) ascending[i] = i << 20;
  ExpectSortsLikeStableSort(ascending, 0);
  std::reverse(ascending.begin(), ascending.end());
  ExpectSortsLikeStableSort(ascending, 0);
  ExpectSortsLikeStableSort(std::vector<uint64_t>(5000, 42), 0);
  ExpectSortsLikeStableSort({~uint64_t{0}, 0, uint64_t{1} << 63, 1}, 0);
  ExpectSortsLikeStableSort({}, 0);
}

}  // namespace
}  // namespace fairway
