#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::price_files {

// Writes text to a file, compressed if the name ends in .gz or .zst, or to standard output ("-").
// Close() reports whether all of it was written. For one thread.
class TextWriter {
 public:
  virtual ~TextWriter() = default;
  // LOCAL_FILE when it cannot be created.
  static absl::StatusOr<std::unique_ptr<TextWriter>> Open(const std::string& path);

  virtual absl::Status Write(absl::string_view text) = 0;
  virtual absl::Status Close() = 0;
};

}  // namespace fairway::price_files
