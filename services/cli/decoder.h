#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace fairway::cli {

// Turns bytes as they are stored into text, piece by piece.
class Decoder {
 public:
  // The one that fits what a file begins with: gzip, Zstandard, or none.
  static std::unique_ptr<Decoder> For(absl::string_view first_bytes);
  virtual ~Decoder() = default;

  // Appends to `text`. False when `bytes` are damaged.
  virtual bool Decode(absl::string_view bytes, std::string& text) = 0;
  // Whether the file may end here.
  virtual bool IsComplete() const = 0;
};

}  // namespace fairway::cli
