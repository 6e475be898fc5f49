#include "services/cli/transfer/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include "services/cli/shell/output.h"

namespace fairway::cli {
namespace {

constexpr absl::Duration kTerminalInterval = absl::Milliseconds(200);
constexpr absl::Duration kLogInterval = absl::Seconds(30);
constexpr int kProgressWidth = 24;

}  // namespace

std::string FormatProgress(int64_t rows, absl::Duration elapsed, std::optional<double> done) {
  const double seconds = std::max(absl::ToDoubleSeconds(elapsed), 0.001);
  std::string text = absl::StrCat(
      FormatCount(rows, "row"), "  ",
      FormatCount(static_cast<int64_t>(static_cast<double>(rows) / seconds)), " rows/s");
  if (!done || *done <= 0) return text;
  const double fraction = std::min(*done, 1.0);
  const auto full = static_cast<size_t>(fraction * kProgressWidth);
  const absl::Duration left = absl::Seconds(static_cast<int64_t>(seconds * (1 / fraction - 1)));
  absl::StrAppendFormat(&text, "  [%s%s] %.0f %%  ETA %s", std::string(full, '#'),
                        std::string(kProgressWidth - full, '.'), fraction * 100,
                        absl::FormatDuration(left));
  return text;
}

Progress::Progress()
    : is_terminal_(isatty(STDERR_FILENO) != 0), start_(absl::Now()), shown_(start_) {}

Progress::~Progress() {
  if (is_terminal_ && shown_ != start_) std::fputs("\r\033[K", stderr);
}

void Progress::Show(int64_t rows, std::optional<double> done) {
  const absl::Time now = absl::Now();
  if (now - shown_ < (is_terminal_ ? kTerminalInterval : kLogInterval)) return;
  shown_ = now;
  std::fprintf(stderr, is_terminal_ ? "\r\033[K%s" : "%s\n",
               FormatProgress(rows, now - start_, done).c_str());
}

}  // namespace fairway::cli
