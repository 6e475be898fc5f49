#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/wire/field_reader.h"
#include "services/ingest/row_source.h"

namespace fairway::ingest {

// Reads the numbers of one repeated field of a message, some at a time, whether they are packed or
// not.
class NumberColumn {
 public:
  NumberColumn() = default;
  // `message` from the field's first appearance on.
  NumberColumn(uint32_t number, absl::string_view message) : number_(number), reader_(message) {}

  // Reads up to `count` numbers, each made a T by `convert(uint64_t, T&)`, which is false for one
  // that does not fit. Returns how many, fewer only at the end; -1 when they cannot be read.
  template <typename T, typename Convert>
  int Read(int count, T* out, Convert convert);

 private:
  // Finds numbers to go on with. False at the end.
  bool NextPart();

  uint32_t number_ = 0;
  wire::FieldReader reader_;
  const char* next_ = nullptr;
  const char* end_ = nullptr;
};

// Reads the rows of an encoded PriceColumns, a block at a time.
class ColumnForm {
 public:
  static constexpr int kBlockRows = 1024;

  // INVALID_REQUEST.
  absl::Status Begin(absl::string_view message);

  // The next rows, `rows_max` and kBlockRows at most, valid until the next call; none at the end.
  // INVALID_REQUEST.
  absl::StatusOr<RawColumns> Read(int rows_max);

 private:
  absl::Status ParseError() const;

  absl::string_view message_;
  std::vector<absl::string_view> ports_;
  std::array<NumberColumn, 4> columns_;
  std::array<uint32_t, kBlockRows> origins_;
  std::array<uint32_t, kBlockRows> destinations_;
  std::array<int32_t, kBlockRows> day_numbers_;
  std::array<int64_t, kBlockRows> prices_;
  size_t rows_read_ = 0;
};

}  // namespace fairway::ingest
