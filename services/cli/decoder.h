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

  // Well-compressed, a few bytes are gigabytes of text: so much is decoded at a time.
  static constexpr size_t kTextBytesMax = 256 * 1024;

  // Takes from the front of `bytes` and appends up to kTextBytesMax to `text`. False when `bytes`
  // are damaged.
  virtual bool Decode(absl::string_view& bytes, std::string& text) = 0;
  // Whether what was taken so far is more text than was appended.
  virtual bool HasMore() const = 0;
  // Whether the file may end here.
  virtual bool IsComplete() const = 0;
};

}  // namespace fairway::cli
