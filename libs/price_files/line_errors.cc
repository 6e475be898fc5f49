#include "libs/price_files/line_errors.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "libs/domain/error_details.h"
#include "libs/domain/limits.h"
#include "libs/price_files/file_error.h"

namespace fairway::price_files {

void LineErrors::Add(int64_t line, absl::string_view what) {
  if (entries_.size() < limits::kFieldErrorsMax) {
    entries_.push_back({line, std::string(what)});
  } else {
    ++unlisted_;
  }
}

std::string LineErrors::PlaceOf(const Entry& entry) const {
  return entry.line > 0 ? absl::StrCat(path_, ":", entry.line) : path_;
}

absl::Status LineErrors::status() const {
  if (entries_.empty()) return absl::OkStatus();
  ErrorDetails details = {.reason = std::string(kRowsReason)};
  if (entries_.size() == 1 && unlisted_ == 0) {
    const Entry& only = entries_.front();
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat(PlaceOf(only), ": ", only.what), details);
  }
  std::vector<Entry> sorted = entries_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Entry& a, const Entry& b) { return a.line < b.line; });
  for (Entry& entry : sorted) {
    details.field_violations.push_back({PlaceOf(entry), std::move(entry.what)});
  }
  if (unlisted_ > 0) {
    details.field_violations.push_back({path_, absl::StrCat("and ", unlisted_, " more")});
  }
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat(path_, " has invalid rows; nothing was stored"), details);
}

}  // namespace fairway::price_files
