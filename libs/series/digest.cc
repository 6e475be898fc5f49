#include "libs/series/digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace fairway {
namespace {

static_assert(std::endian::native == std::endian::little,
              "integers are hashed as they lie in memory");

constexpr absl::string_view kPrefix = "xxh3sum-";

}  // namespace

LaneLetters::LaneLetters(const PortCode& origin, const PortCode& destination) {
  const auto middle = std::copy(origin.view().begin(), origin.view().end(), letters_.begin());
  std::copy(destination.view().begin(), destination.view().end(), middle);
}

void ContentDigest::HashWaiting() {
  hashed_ = Total();
  hashed_count_ = row_count();
  waiting_count_ = 0;
}

ContentDigest::Sums ContentDigest::Total() const {
  Sums sums = hashed_;
  for (size_t i = 0; i < waiting_count_; ++i) {
    const XXH128_hash_t hash = XXH3_128bits(waiting_.data() + i * kRowBytes, kRowBytes);
    sums.low += hash.low64;
    sums.high += hash.high64;
  }
  return sums;
}

std::string ContentDigest::ToString() const {
  const Sums sums = Total();
  return absl::StrCat(kPrefix, absl::Hex(sums.high, absl::kZeroPad16),
                      absl::Hex(sums.low, absl::kZeroPad16));
}

bool IsContentDigest(absl::string_view text) {
  return absl::ConsumePrefix(&text, kPrefix) && text.size() == 32 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isxdigit(c) && !absl::ascii_isupper(c); });
}

}  // namespace fairway
