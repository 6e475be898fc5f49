#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "absl/strings/string_view.h"

namespace fairway::postgres {

// Reads one row of `COPY … TO STDOUT (FORMAT binary)`, column by column: the caller knows the
// types. Anything unexpected makes ok() false, and all that follows zero. Days are counted from
// 1970-01-01.
class BinaryRow {
 public:
  explicit BinaryRow(absl::string_view bytes) : rest_(bytes) { Read<uint16_t>(); }

  bool ok() const { return ok_; }

  int32_t ReadInt4() {
    if (Read<uint32_t>() != sizeof(int32_t)) return static_cast<int32_t>(Fail());
    return static_cast<int32_t>(Read<uint32_t>());
  }
  // Replaces what `values` held; keeps its memory.
  void ReadInt4Array(std::vector<int32_t>& values) { ReadArray(kInt4Oid, 0, values); }
  void ReadDateArray(std::vector<int32_t>& unix_days) {
    ReadArray(kDateOid, kPostgresDayZero, unix_days);
  }

 private:
  static constexpr int32_t kInt4Oid = 23;
  static constexpr int32_t kDateOid = 1082;
  static constexpr int32_t kPostgresDayZero = 10957;  // 2000-01-01
  static constexpr size_t kElementBytes = 8;          // Its length, then its value.
  static constexpr size_t kEmptyArrayBytes = 12;
  static constexpr size_t kArrayHeaderBytes = 20;

  static uint16_t Swap(uint16_t value) { return __builtin_bswap16(value); }
  static uint32_t Swap(uint32_t value) { return __builtin_bswap32(value); }

  template <typename T>
  static T Load(const char* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof(value));
    return Swap(value);
  }
  template <typename T>
  T Read() {
    if (rest_.size() < sizeof(T)) return Fail();
    const T value = Load<T>(rest_.data());
    rest_.remove_prefix(sizeof(T));
    return value;
  }
  uint32_t Fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  void ReadArray(int32_t oid, int32_t offset, std::vector<int32_t>& values) {
    values.clear();
    const auto bytes = Read<uint32_t>();
    const auto dimensions = Read<uint32_t>();
    const bool has_nulls = Read<uint32_t>() != 0;
    if (static_cast<int32_t>(Read<uint32_t>()) != oid || has_nulls || dimensions > 1) {
      Fail();
      return;
    }
    if (dimensions == 0) {
      if (bytes != kEmptyArrayBytes) Fail();
      return;
    }
    const size_t count = Read<uint32_t>();
    Read<uint32_t>();  // The lower bound.
    if (rest_.size() / kElementBytes < count ||
        bytes != kArrayHeaderBytes + count * kElementBytes) {
      Fail();
      return;
    }
    values.resize(count);
    const char* element = rest_.data() + sizeof(uint32_t);
    for (size_t i = 0; i < count; ++i) {
      // Unsigned, because 'infinity' is the greatest day there is.
      values[i] = static_cast<int32_t>(Load<uint32_t>(element + i * kElementBytes) +
                                       static_cast<uint32_t>(offset));
    }
    rest_.remove_prefix(count * kElementBytes);
  }

  absl::string_view rest_;
  bool ok_ = true;
};

}  // namespace fairway::postgres
