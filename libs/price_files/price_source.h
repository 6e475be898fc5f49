#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/domain/row_error.h"

namespace fairway::price_files {

// A row as written in a file, not validated: the service decides whether it is a price. The texts
// are valid until the next row is read.
struct PriceText {
  absl::string_view origin;
  absl::string_view destination;
  absl::string_view day;
  int64_t price = 0;
  // Why the row cannot be read as a price; usually empty. Otherwise the fields above are those that
  // could be read. The service receives both, counts the row, and validates the fields.
  std::vector<RowError> errors = {};
};

// The rows of an upload, in order. One thread at a time.
class PriceSource {
 public:
  virtual ~PriceSource() = default;
  // Reads the next row; false at the end. FILE_CONTENT when the rest cannot be read. Errors of the
  // byte source.
  virtual absl::StatusOr<bool> Next(PriceText& price) = 0;
  // The line of a row that was read, for messages about "rows[17]"; 0 when it is not known.
  virtual int64_t LineOfRow(int64_t row) const = 0;
  // Progress in bytes as stored, and the total, if known.
  virtual int64_t bytes_read() const = 0;
  virtual std::optional<int64_t> size() const = 0;
};

}  // namespace fairway::price_files
