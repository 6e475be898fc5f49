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
constexpr size_t kLaneBytes = 2 * PortCode::kLength;
constexpr size_t kRowBytes = kLaneBytes + 2 * sizeof(int32_t);

}  // namespace

LaneLetters::LaneLetters(const PortCode& origin, const PortCode& destination) {
  const auto middle = std::copy(origin.view().begin(), origin.view().end(), letters_.begin());
  std::copy(destination.view().begin(), destination.view().end(), middle);
}

void ContentDigest::Add(const LaneLetters& lane, int32_t day_number, Price price) {
  char row[kRowBytes];
  std::memcpy(row, lane.data(), kLaneBytes);
  std::memcpy(row + kLaneBytes, &day_number, sizeof(day_number));
  std::memcpy(row + kLaneBytes + sizeof(day_number), &price, sizeof(price));
  const XXH128_hash_t hash = XXH3_128bits(row, sizeof(row));
  low_ += hash.low64;
  high_ += hash.high64;
  ++row_count_;
}

void ContentDigest::Merge(const ContentDigest& other) {
  low_ += other.low_;
  high_ += other.high_;
  row_count_ += other.row_count_;
}

std::string ContentDigest::ToString() const {
  return absl::StrCat(kPrefix, absl::Hex(high_, absl::kZeroPad16),
                      absl::Hex(low_, absl::kZeroPad16));
}

bool IsContentDigest(absl::string_view text) {
  return absl::ConsumePrefix(&text, kPrefix) && text.size() == 32 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isxdigit(c) && !absl::ascii_isupper(c); });
}

}  // namespace fairway
