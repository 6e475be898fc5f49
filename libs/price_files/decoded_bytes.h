#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/price_files/byte_source.h"
#include "libs/price_files/decoder.h"

namespace fairway::price_files {

// The text of a ByteSource, decompressed. The first bytes decide on the decoder, not the name. For
// one thread.
class DecodedBytes {
 public:
  explicit DecodedBytes(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)) {}

  // Appends a piece of the text, which may be empty, to `text`; false at the end. FILE_CONTENT when
  // the compressed data is truncated or damaged; the error names `line`, unless it is 0. Errors of
  // the source.
  absl::StatusOr<bool> Read(std::string& text, int64_t line);

  const std::string& name() const { return bytes_->name(); }
  // Whether the text may have ended early unnoticed.
  bool may_be_cut() const {
    return bytes_->may_be_cut() && (decoder_ == nullptr || !decoder_->IsCompressed());
  }
  // Bytes consumed, and their total number, as stored.
  int64_t bytes_read() const { return bytes_read_; }
  std::optional<int64_t> size() const { return bytes_->size(); }

 private:
  absl::Status NextBlock();

  const std::unique_ptr<ByteSource> bytes_;
  std::unique_ptr<Decoder> decoder_;
  std::string block_;
  absl::string_view undecoded_;  // Of block_.
  int64_t bytes_read_ = 0;
};

}  // namespace fairway::price_files
