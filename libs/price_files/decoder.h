#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::price_files {

// Decompresses a file piece by piece. Accepts what `gzip -dc` and `zstd -dc` read without a
// warning: any number of members or frames, skippable frames, and zero padding. Verifies checksums.
// For one thread.
class Decoder {
 public:
  // The decoder for a file with these first bytes: gzip, Zstandard, or plain text. Needs at least
  // kMagicBytes of the file, or all of it.
  static std::unique_ptr<Decoder> For(absl::string_view first_bytes);
  virtual ~Decoder() = default;

  static constexpr size_t kMagicBytes = 4;
  // The most text decoded at a time: a few compressed bytes may expand to gigabytes.
  static constexpr size_t kTextBytesMax = 256 * 1024;
  // The largest window, which is held in memory; the same as that of `zstd -dc`.
  static constexpr int kWindowLogMax = 27;

  // Consumes bytes from the front of `bytes` and appends up to kTextBytesMax to `text`.
  // INVALID_ARGUMENT when the data is damaged or not supported.
  virtual absl::Status Decode(absl::string_view& bytes, std::string& text) = 0;
  // Whether the bytes consumed so far hold more text.
  virtual bool HasMore() const = 0;
  // Whether the file may end here.
  virtual bool IsComplete() const = 0;
  // Compressed data marks its end; plain text may be cut anywhere.
  virtual bool IsCompressed() const = 0;
};

}  // namespace fairway::price_files
