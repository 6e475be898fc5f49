#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

#include "libs/wire/field_reader.h"

// Writing the wire format of protobuf (https://protobuf.dev/programming-guides/encoding) field by
// field into memory whose size was computed before. The bytes are those that protobuf writes, if
// fields are added in the order of their numbers and those without presence are left out when they
// are zero or empty.
namespace fairway::wire {

constexpr size_t VarintBytes(uint64_t value) {
  return (static_cast<size_t>(std::bit_width(value | 1)) + 6) / 7;
}
constexpr size_t TagBytes(uint32_t number) { return VarintBytes(uint64_t{number} << 3); }
constexpr size_t VarintFieldBytes(uint32_t number, uint64_t value) {
  return TagBytes(number) + VarintBytes(value);
}
constexpr size_t Fixed64FieldBytes(uint32_t number) { return TagBytes(number) + 8; }
// Of text, bytes or a message.
constexpr size_t BytesFieldBytes(uint32_t number, size_t size) {
  return TagBytes(number) + VarintBytes(size) + size;
}

// Where the next field goes. The caller has computed that there is room for it.
class FieldWriter {
 public:
  explicit FieldWriter(uint8_t* begin) : next_(begin) {}

  const uint8_t* end() const { return next_; }

  void AddVarint(uint32_t number, uint64_t value) {
    WriteTag(number, WireType::kVarint);
    WriteVarint(value);
  }
  void AddFixed64(uint32_t number, uint64_t value) {
    WriteTag(number, WireType::kFixed64);
    static_assert(std::endian::native == std::endian::little);
    Write(&value, sizeof(value));
  }
  void AddDouble(uint32_t number, double value) {
    AddFixed64(number, std::bit_cast<uint64_t>(value));
  }
  void AddBytes(uint32_t number, absl::string_view bytes) {
    BeginMessage(number, bytes.size());
    Write(bytes.data(), bytes.size());
  }
  // The fields of a message of `size` bytes follow.
  void BeginMessage(uint32_t number, size_t size) {
    WriteTag(number, WireType::kBytes);
    WriteVarint(size);
  }

 private:
  void WriteTag(uint32_t number, WireType type) {
    WriteVarint(uint64_t{number} << 3 | static_cast<uint64_t>(type));
  }
  void WriteVarint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) *next_++ = static_cast<uint8_t>(value | 0x80);
    *next_++ = static_cast<uint8_t>(value);
  }
  void Write(const void* bytes, size_t size) {
    if (size == 0) return;
    std::memcpy(next_, bytes, size);
    next_ += size;
  }

  uint8_t* next_;
};

}  // namespace fairway::wire
