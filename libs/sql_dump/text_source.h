#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fairway::sql_dump {

// Where the text of a dump comes from, decompressed, piece by piece.
class TextSource {
 public:
  virtual ~TextSource() = default;

  // Appends the next piece to `text`; false at the end.
  virtual absl::StatusOr<bool> Read(std::string& text) = 0;
  // What people call it; errors name it.
  virtual const std::string& name() const = 0;
};

}  // namespace fairway::sql_dump
