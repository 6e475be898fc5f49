#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "libs/domain/port_code.h"
#include "libs/domain/price.h"

namespace fairway {

// A lane as it enters the digest: the letters of its two port codes.
class LaneLetters {
 public:
  LaneLetters(const PortCode& origin, const PortCode& destination);
  const char* data() const { return letters_.data(); }

 private:
  std::array<char, 2 * PortCode::kLength> letters_;
};

// The digest of a batch: equal for equal multisets of prices, whatever their order, chunking, form
// or split into parts. Compare it together with row_count().
//
// Each price is written as 18 bytes: origin and destination (5 ASCII letters each), then the days
// since 1970-01-01 and the price as little-endian 32-bit integers. The two halves of its XXH3-128
// hash (https://github.com/Cyan4973/xxHash, seed 0) are each summed modulo 2^64. A sum, because
// identical prices count: an exclusive or would lose them in pairs. It tells accidents apart, not
// attacks.
class ContentDigest {
 public:
  void Add(const LaneLetters& lane, int32_t day_number, Price price);

  // As if everything added to `other` had been added here.
  void Merge(const ContentDigest& other);

  int64_t row_count() const { return row_count_; }

  // "xxh3sum-" and 32 hexadecimal digits, the high half first.
  std::string ToString() const;

 private:
  uint64_t low_ = 0;
  uint64_t high_ = 0;
  int64_t row_count_ = 0;
};

// Whether `text` has the form ToString() gives.
bool IsContentDigest(absl::string_view text);

}  // namespace fairway
