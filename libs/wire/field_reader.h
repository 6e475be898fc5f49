#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

// Reading the wire format of protobuf field by field, in place: nothing is allocated or copied,
// whatever a message claims to hold. Stricter than protobuf in two points: numbers that do not fit
// are malformed rather than cut, and groups are not entered.
namespace fairway::wire {

enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kGroupBegin = 3,  // The fields that follow belong to the group, up to kGroupEnd.
  kGroupEnd = 4,
  kFixed32 = 5,
};

struct Field {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t value = 0;  // Of kVarint.
  absl::string_view
      bytes;  // Of kBytes: text, a message, or packed numbers; of kVarint: as encoded.
};

// Moves `next` behind a number. False when there is none before `end`, or one of more than 64 bits.
inline bool ReadVarint(const char*& next, const char* end, uint64_t& value) {
  if (next == end) return false;
  auto byte = static_cast<uint8_t>(*next++);
  value = byte & 0x7F;
  for (int shift = 7; (byte & 0x80) != 0; shift += 7) {
    if (next == end || shift > 63) return false;
    byte = static_cast<uint8_t>(*next++);
    if (shift == 63 && byte > 1) return false;
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
  }
  return true;
}

// How many numbers a packed field holds.
inline size_t CountVarints(absl::string_view packed) {
  size_t count = 0;
  for (const char byte : packed) count += (byte & 0x80) == 0;
  return count;
}

// Walks the fields of one encoded message, which must outlive it.
class FieldReader {
 public:
  FieldReader() = default;
  explicit FieldReader(absl::string_view message)
      : next_(message.data()), end_(message.data() + message.size()) {}

  // False at the end, and where the bytes are no message: see malformed().
  bool Next(Field& field) {
    if (next_ == end_) return false;
    uint64_t tag = 0;
    if (!ReadVarint(next_, end_, tag) || tag > UINT32_MAX || tag >> 3 == 0) return Fail();
    field.number = static_cast<uint32_t>(tag >> 3);
    field.type = static_cast<WireType>(tag & 7);
    switch (field.type) {
      case WireType::kVarint:
        return ReadNumber(field) || Fail();
      case WireType::kBytes:
        return ReadBytes(field.bytes) || Fail();
      case WireType::kFixed64:
        return Skip(8) || Fail();
      case WireType::kFixed32:
        return Skip(4) || Fail();
      case WireType::kGroupBegin:
      case WireType::kGroupEnd:
        return true;
    }
    return Fail();
  }

  bool malformed() const { return malformed_; }

  // What is still to be read.
  absl::string_view rest() const {
    return absl::string_view(next_, static_cast<size_t>(end_ - next_));
  }

 private:
  bool Fail() {
    malformed_ = true;
    next_ = end_;
    return false;
  }
  bool Skip(size_t bytes) {
    if (static_cast<size_t>(end_ - next_) < bytes) return false;
    next_ += bytes;
    return true;
  }
  bool ReadNumber(Field& field) {
    const char* const begin = next_;
    if (!ReadVarint(next_, end_, field.value)) return false;
    field.bytes = absl::string_view(begin, static_cast<size_t>(next_ - begin));
    return true;
  }
  bool ReadBytes(absl::string_view& bytes) {
    uint64_t size = 0;
    if (!ReadVarint(next_, end_, size) || size > static_cast<size_t>(end_ - next_)) return false;
    bytes = absl::string_view(next_, static_cast<size_t>(size));
    next_ += size;
    return true;
  }

  const char* next_ = nullptr;
  const char* end_ = nullptr;
  bool malformed_ = false;
};

}  // namespace fairway::wire
