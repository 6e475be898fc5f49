#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/wire/field_reader.h"
#include "services/ingest/row_source.h"

namespace fairway::ingest {

// Reads the rows of an encoded PriceRows, some at a time, as views into it. The caller checks
// whether text is UTF-8.
class RowForm {
 public:
  // An empty one.
  RowForm() = default;
  explicit RowForm(absl::string_view message) : message_(message), reader_(message) {}

  // Replaces `rows` with the next ones, `rows_max` at most; none at the end. INVALID_REQUEST.
  absl::Status Read(size_t rows_max, std::vector<RawPrice>& rows);

 private:
  absl::string_view message_;
  wire::FieldReader reader_;
};

}  // namespace fairway::ingest
