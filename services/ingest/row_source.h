#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "libs/domain/row_error.h"

// Prices as they were sent, unchecked. Views into a message: nothing is copied, and text may be any
// bytes.
namespace fairway::ingest {

struct RawPrice {
  absl::string_view origin;
  absl::string_view destination;
  absl::string_view day;
  int64_t price = 0;
};

using RawRows = absl::Span<const RawPrice>;

// Row i is (ports[origins[i]], ports[destinations[i]], day_numbers[i], prices[i]).
struct RawColumns {
  size_t first_row = 0;  // Its place in its chunk; `ports` are those of the whole chunk.
  absl::Span<const absl::string_view> ports;
  absl::Span<const uint32_t> origins;
  absl::Span<const uint32_t> destinations;
  absl::Span<const int32_t> day_numbers;
  absl::Span<const int64_t> prices;
};

struct RawRowError {
  absl::string_view field;
  RowErrorReason reason;
  absl::string_view value;
};

// A row that its sender could not make a price of: what could be read of it, and what is wrong.
struct RawRejectedRow {
  RawPrice readable;
  absl::Span<const RawRowError> errors;
};

// Rows that follow each other in an upload: a chunk, or a part of one.
using RawBlock = std::variant<RawRows, RawColumns, RawRejectedRow>;

// What the sender declares about its rows once all are sent.
struct UploadEnd {
  std::optional<int64_t> row_count;
  std::string digest;  // "" when not declared.
};

// Where the rows of an upload come from.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // The next rows, valid until the next call; null when no more will come. CANCELLED when the
  // client disconnected; UPLOAD_TIMED_OUT; INVALID_REQUEST for a message that is no chunk.
  virtual absl::StatusOr<const RawBlock*> Next() = 0;

  // Once Next() returned null: the end that the sender declared; none without one, and then nothing
  // proves that all rows arrived.
  virtual std::optional<UploadEnd> end() const = 0;
};

}  // namespace fairway::ingest
