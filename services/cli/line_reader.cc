#include "services/cli/line_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

// Decoded at a time: a small part of a block may become much text.
constexpr size_t kSliceBytes = 64 * 1024;
constexpr size_t kLineBytesMax = 1024 * 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<LineReader>> LineReader::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  return std::make_unique<LineReader>(std::move(bytes));
}

absl::StatusOr<std::optional<absl::string_view>> LineReader::Next() {
  while (true) {
    const size_t end = text_.find('\n', position_);
    if (end != std::string::npos || (at_end_ && position_ < text_.size())) {
      const size_t stop = end == std::string::npos ? text_.size() : end;
      const absl::string_view line = absl::string_view(text_).substr(position_, stop - position_);
      position_ = end == std::string::npos ? stop : stop + 1;
      ++line_number_;
      return absl::StripSuffix(line, "\r");
    }
    if (at_end_) return std::nullopt;
    if (text_.size() - position_ > kLineBytesMax) {
      return ContentError(path(), line_number_ + 1, "it is longer than 1 MiB");
    }
    RETURN_IF_ERROR(Fill());
  }
}

absl::StatusOr<absl::string_view> LineReader::NextSlice() {
  if (slice_end_ == block_.size()) {
    ASSIGN_OR_RETURN(block_, bytes_->Next());
    slice_end_ = 0;
  }
  const absl::string_view slice = absl::string_view(block_).substr(slice_end_, kSliceBytes);
  slice_end_ += slice.size();
  bytes_read_ += static_cast<int64_t>(slice.size());
  return slice;
}

absl::Status LineReader::Fill() {
  text_.erase(0, position_);
  position_ = 0;
  ASSIGN_OR_RETURN(const absl::string_view slice, NextSlice());
  if (decoder_ == nullptr) decoder_ = Decoder::For(slice);
  if (slice.empty()) {
    at_end_ = true;
    if (decoder_->IsComplete()) return absl::OkStatus();
    return ContentError(path(), line_number_, "the compressed file is cut off");
  }
  if (decoder_->Decode(slice, text_)) return absl::OkStatus();
  return ContentError(path(), line_number_, "the compressed file is damaged");
}

}  // namespace fairway::cli
