#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace fairway::cli {

// "12,345,678 rows  1,234,567 rows/s  [####....] 42 %  ETA 1m05s". `done` is the completed fraction
// of the work, 0 to 1, if known.
std::string FormatProgress(int64_t rows, absl::Duration elapsed, std::optional<double> done);

// Reports progress on standard error: one line that is updated on a terminal, or a new line every
// half minute in a log. For one thread.
class Progress {
 public:
  Progress();
  ~Progress();

  // Cheap enough to be called for every chunk.
  void Show(int64_t rows, std::optional<double> done);

 private:
  const bool is_terminal_;
  const absl::Time start_;
  absl::Time shown_;
};

}  // namespace fairway::cli
