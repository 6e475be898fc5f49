#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace fairway::cli {

// "12,345,678 rows  1,234,567 rows/s  42 %  ETA 1m05s". `done` is the part of the work that is
// done, 0 to 1, where that is known.
std::string FormatProgress(int64_t rows, absl::Duration elapsed, std::optional<double> done);

// How far a long work is, on standard error: a line that is written over and over on a terminal,
// and a new line every half a minute in a log.
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
