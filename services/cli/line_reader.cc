#include "services/cli/line_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

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

absl::Status LineReader::Fill() {
  text_.erase(0, position_);
  position_ = 0;
  const bool has_more = decoder_ != nullptr && decoder_->HasMore();
  if (undecoded_.empty() && !has_more) RETURN_IF_ERROR(NextBlock());
  if (at_end_) return absl::OkStatus();
  const size_t before = undecoded_.size();
  const bool intact = decoder_->Decode(undecoded_, text_);
  bytes_read_ += static_cast<int64_t>(before - undecoded_.size());
  if (intact) return absl::OkStatus();
  return ContentError(path(), line_number_, "the compressed file is damaged");
}

absl::Status LineReader::NextBlock() {
  ASSIGN_OR_RETURN(block_, bytes_->Next());
  undecoded_ = block_;
  if (decoder_ == nullptr) decoder_ = Decoder::For(block_);
  at_end_ = block_.empty();
  if (!at_end_ || decoder_->IsComplete()) return absl::OkStatus();
  return ContentError(path(), line_number_, "the compressed file is cut off");
}

}  // namespace fairway::cli
