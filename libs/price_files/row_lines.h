#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace fairway::price_files {

// Maps the rows of a file to their lines. Stores only where the distance between row and line
// changes, such as at empty lines, and at most `jumps_max` of those. For one thread.
class RowLines {
 public:
  explicit RowLines(size_t jumps_max) : jumps_max_(jumps_max) {}

  // Adds the line of the next row.
  void Add(int64_t line);
  // The line of a row that was added; 0 when it is not known.
  int64_t LineOfRow(int64_t row) const;

 private:
  const size_t jumps_max_;
  int64_t row_count_ = 0;
  std::vector<std::pair<int64_t, int64_t>> jumps_;  // First row, and its distance to the line.
  std::optional<int64_t> first_unknown_;            // The first row that is not covered by jumps_.
};

}  // namespace fairway::price_files
