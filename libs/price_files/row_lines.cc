#include "libs/price_files/row_lines.h"

#include <algorithm>
#include <iterator>

namespace fairway::price_files {

void RowLines::Add(int64_t line) {
  const int64_t distance = line - row_count_;
  const bool is_new = jumps_.empty() || jumps_.back().second != distance;
  if (is_new && !first_unknown_) {
    if (jumps_.size() < jumps_max_) {
      jumps_.emplace_back(row_count_, distance);
    } else {
      first_unknown_ = row_count_;
    }
  }
  ++row_count_;
}

int64_t RowLines::LineOfRow(int64_t row) const {
  if (row < 0 || row >= row_count_ || (first_unknown_ && row >= *first_unknown_)) return 0;
  const auto next = std::upper_bound(
      jumps_.begin(), jumps_.end(), row,
      [](int64_t value, const std::pair<int64_t, int64_t>& jump) { return value < jump.first; });
  return row + std::prev(next)->second;
}

}  // namespace fairway::price_files
