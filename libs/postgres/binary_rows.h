#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fairway::postgres {

// Rows in the format of `COPY … FROM STDIN (FORMAT binary)`, collected in one growing buffer. All
// of it is inline: hundreds of millions of values pass through here. Days are counted from
// 1970-01-01.
//
//   rows.BeginRow(2);
//   rows.AddInt8(batch);
//   rows.AddDateArray(days);
//   if (rows.full()) { RETURN_IF_ERROR(session.Write(rows.bytes())); rows.Clear(); }
//
// The caller adds as many columns as it began the row with, in the types of the table; the server
// refuses anything else. Not thread-safe.
class BinaryRows {
 public:
  // libpq and the kernel gain nothing from larger pieces.
  static constexpr size_t kFullBytes = 64 * 1024;

  void BeginRow(int16_t columns) { Store(Extend(2), BigEndian16(columns)); }

  void AddInt4(int32_t value) { Store(Extend(8), SizedInt4(value)); }
  void AddInt8(int64_t value) {
    char* out = Extend(12);
    Store(out, BigEndian32(8));
    Store(out + 4, __builtin_bswap64(static_cast<uint64_t>(value)));
  }

  void AddInt4Array(absl::Span<const int32_t> values) { AddArray(kInt4Oid, 0, values); }
  void AddDateArray(absl::Span<const int32_t> unix_days) {
    AddArray(kDateOid, kPostgresDayZero, unix_days);
  }

  absl::string_view bytes() const { return absl::string_view(buffer_.get(), size_); }
  bool full() const { return size_ >= kFullBytes; }
  // Keeps the memory.
  void Clear() { size_ = 0; }

 private:
  static_assert(std::endian::native == std::endian::little, "values are swapped to network order");

  static constexpr int32_t kInt4Oid = 23;
  static constexpr int32_t kDateOid = 1082;
  static constexpr int32_t kPostgresDayZero = 10957;  // 2000-01-01
  static constexpr size_t kElementBytes = 8;          // Its length, then its value.

  static uint16_t BigEndian16(int16_t value) {
    return __builtin_bswap16(static_cast<uint16_t>(value));
  }
  static uint32_t BigEndian32(int32_t value) {
    return __builtin_bswap32(static_cast<uint32_t>(value));
  }
  // The length 4 and the value, as they go out.
  static uint64_t SizedInt4(int32_t value) {
    return __builtin_bswap64((uint64_t{4} << 32) | static_cast<uint32_t>(value));
  }
  template <typename T>
  static void Store(char* out, T value) {
    std::memcpy(out, &value, sizeof(value));
  }

  // Each value less `offset`.
  void AddArray(int32_t oid, int32_t offset, absl::Span<const int32_t> values) {
    const size_t count = values.size();
    const bool empty = count == 0;
    const size_t header = empty ? 12 : 20;
    char* out = Extend(4 + header + count * kElementBytes);
    Store(out, BigEndian32(static_cast<int32_t>(header + count * kElementBytes)));
    Store(out + 4, BigEndian32(empty ? 0 : 1));  // Dimensions.
    Store(out + 8, BigEndian32(0));              // No element is null.
    Store(out + 12, BigEndian32(oid));
    if (empty) return;
    Store(out + 16, BigEndian32(static_cast<int32_t>(count)));
    Store(out + 20, BigEndian32(1));  // SQL counts from one.
    out += 24;
    for (size_t i = 0; i < count; ++i) {
      Store(out + i * kElementBytes, SizedInt4(values[i] - offset));
    }
  }

  // Makes room for `bytes` more and returns where they begin. The new memory is not initialised.
  char* Extend(size_t bytes) {
    if (size_ + bytes > capacity_) [[unlikely]]
      Grow(size_ + bytes);
    char* out = buffer_.get() + size_;
    size_ += bytes;
    return out;
  }
  void Grow(size_t needed) {
    capacity_ = std::max({needed, 2 * capacity_, 2 * kFullBytes});
    std::unique_ptr<char[]> larger(new char[capacity_]);
    if (size_ > 0) std::memcpy(larger.get(), buffer_.get(), size_);
    buffer_ = std::move(larger);
  }

  std::unique_ptr<char[]> buffer_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace fairway::postgres
