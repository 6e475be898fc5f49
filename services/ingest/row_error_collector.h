#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

#include "libs/domain/row_error.h"

namespace fairway::ingest {

// Counts all that is wrong with a batch and keeps the first kStoredRowErrorsPerReasonMax errors of
// each reason. Rows are added in ascending order.
class RowErrorCollector {
 public:
  void Add(int64_t row_index, absl::string_view field, RowErrorReason reason,
           absl::string_view value);

  bool empty() const { return summary_.empty(); }
  const RowErrorSummary& summary() const { return summary_; }

 private:
  RowErrorSummary summary_;
  int64_t last_bad_row_ = -1;
};

}  // namespace fairway::ingest
