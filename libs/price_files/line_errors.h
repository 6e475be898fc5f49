#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::price_files {

// Collects what is wrong with the rows of a file, to report all of it at once, by line.
class LineErrors {
 public:
  explicit LineErrors(std::string path) : path_(std::move(path)) {}

  // `line`: from 1, in any order; 0 where it is not known.
  void Add(int64_t line, absl::string_view what);
  // Counts errors of which nothing else is known.
  void AddUnlisted(int64_t count) { unlisted_ += count; }

  // OK when nothing is wrong. INVALID_ROWS: of one error "PATH:LINE: what"; of several a sentence,
  // and a field violation "PATH:LINE" for each of the first kFieldErrorsMax.
  absl::Status status() const;

 private:
  struct Entry {
    int64_t line;
    std::string what;
  };

  std::string PlaceOf(const Entry& entry) const;

  const std::string path_;
  std::vector<Entry> entries_;
  int64_t unlisted_ = 0;
};

}  // namespace fairway::price_files
