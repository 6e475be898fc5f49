#include "services/ingest/row_error_collector.h"

#include <algorithm>
#include <string>

#include "libs/base/utf8_prefix.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

// PostgreSQL's text cannot hold a NUL.
std::string Excerpt(absl::string_view value) {
  std::string excerpt(Utf8Prefix(value, limits::kRowErrorValueBytesMax));
  std::replace(excerpt.begin(), excerpt.end(), '\0', '?');
  return excerpt;
}

}  // namespace

void RowErrorCollector::Add(int64_t row_index, absl::string_view field, RowErrorReason reason,
                            absl::string_view value) {
  ++summary_.error_count;
  const int64_t of_reason = ++summary_.count_by_reason[static_cast<size_t>(reason)];
  if (row_index != last_bad_row_) ++summary_.bad_row_count;
  last_bad_row_ = row_index;
  if (of_reason > limits::kStoredRowErrorsPerReasonMax) return;
  summary_.first_errors.push_back({row_index, std::string(field), reason, Excerpt(value)});
}

}  // namespace fairway::ingest
