#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "libs/domain/port_code.h"
#include "libs/domain/price.h"

namespace fairway {

// A lane as it enters the digest: the letters of its two port codes.
class LaneLetters {
 public:
  LaneLetters(const PortCode& origin, const PortCode& destination);
  const char* data() const { return letters_.data(); }

  static constexpr size_t kBytes = 2 * PortCode::kLength;

 private:
  std::array<char, kBytes> letters_;
};

// The digest of a batch: equal for equal multisets of prices, whatever their order, chunking, form
// or split into parts. Compare it together with row_count().
//
// Each price is written as 18 bytes: origin and destination (5 ASCII letters each), then the days
// since 1970-01-01 and the price as little-endian 32-bit integers. The two halves of its XXH3-128
// hash (https://github.com/Cyan4973/xxHash, seed 0) are each summed modulo 2^64. A sum, because
// identical prices count: an exclusive or would lose them in pairs. It detects accidents, not
// attacks.
//
// Written prices wait until there are many, because a processor that hashes what it has only just
// written, piece by piece, spends most of its time waiting for those pieces to come together.
class ContentDigest {
 public:
  void Add(const LaneLetters& lane, int32_t day_number, Price price) {
    char* row = waiting_.data() + waiting_count_ * kRowBytes;
    std::memcpy(row, lane.data(), LaneLetters::kBytes);
    std::memcpy(row + LaneLetters::kBytes, &day_number, sizeof(day_number));
    std::memcpy(row + LaneLetters::kBytes + sizeof(day_number), &price, sizeof(price));
    if (++waiting_count_ == kWaitingMax) HashWaiting();
  }

  int64_t row_count() const { return hashed_count_ + static_cast<int64_t>(waiting_count_); }

  // "xxh3sum-" and 32 hexadecimal digits, the high half first.
  std::string ToString() const;

 private:
  static constexpr size_t kRowBytes = LaneLetters::kBytes + sizeof(int32_t) + sizeof(Price);
  static constexpr size_t kWaitingMax = 128;

  struct Sums {
    uint64_t low = 0;
    uint64_t high = 0;
  };

  void HashWaiting();
  // Of all prices, those that wait among them.
  Sums Total() const;

  Sums hashed_;
  int64_t hashed_count_ = 0;
  size_t waiting_count_ = 0;
  std::array<char, kWaitingMax * kRowBytes> waiting_;
};

// Whether `text` has the form ToString() gives.
bool IsContentDigest(absl::string_view text);

}  // namespace fairway
