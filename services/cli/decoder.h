#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// Turns bytes as they are stored into text, piece by piece. Of compressed files it reads what
// `gzip -dc` and `zstd -dc` read without a warning: any number of members or frames, skippable
// frames among them, and zeros behind. Checksums are checked.
class Decoder {
 public:
  // The one that fits what a file begins with: gzip, Zstandard, or none. `first_bytes` are
  // kMagicBytes of it or more, unless it is shorter.
  static std::unique_ptr<Decoder> For(absl::string_view first_bytes);
  virtual ~Decoder() = default;

  static constexpr size_t kMagicBytes = 4;
  // Well-compressed, a few bytes are gigabytes of text: so much is decoded at a time.
  static constexpr size_t kTextBytesMax = 256 * 1024;
  // What decoding may refer back to is held in memory: so much at most, as in `zstd -dc`.
  static constexpr int kWindowLogMax = 27;

  // Takes from the front of `bytes` and appends up to kTextBytesMax to `text`. Otherwise
  // INVALID_ARGUMENT says what is wrong with the file.
  virtual absl::Status Decode(absl::string_view& bytes, std::string& text) = 0;
  // Whether what was taken so far is more text than was appended.
  virtual bool HasMore() const = 0;
  // Whether the file may end here.
  virtual bool IsComplete() const = 0;
  // Compressed data says itself where it ends; plain text may be cut anywhere.
  virtual bool IsCompressed() const = 0;
};

}  // namespace fairway::cli
