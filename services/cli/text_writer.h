#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// Writes text to a file, compressed when its name ends in .gz or .zst, or to standard output ("-").
// Close() says whether all of it arrived.
class TextWriter {
 public:
  virtual ~TextWriter() = default;
  // LOCAL_FILE when it cannot be made.
  static absl::StatusOr<std::unique_ptr<TextWriter>> Open(const std::string& path);

  virtual absl::Status Write(absl::string_view text) = 0;
  virtual absl::Status Close() = 0;
};

}  // namespace fairway::cli
