#include "services/cli/line_reader.h"

#include <utility>

#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {

absl::StatusOr<std::unique_ptr<LineReader>> LineReader::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  return std::make_unique<LineReader>(std::move(bytes));
}

absl::StatusOr<std::optional<absl::string_view>> LineReader::Next() {
  while (true) {
    const size_t end = text_.find('\n', position_);
    if (end != std::string::npos) return TakeLine(end, true);
    if (at_end_ && position_ == text_.size()) return std::nullopt;
    if (at_end_) return TakeLine(text_.size(), false);
    if (text_.size() - position_ > kLineBytesMax) {
      return ContentError(path(), line_number_ + 1, "it is longer than 1 MiB");
    }
    RETURN_IF_ERROR(Fill());
  }
}

absl::StatusOr<absl::string_view> LineReader::Peek(size_t bytes) {
  while (!at_end_ && text_.size() - position_ < bytes) RETURN_IF_ERROR(Fill());
  return absl::string_view(text_).substr(position_, bytes);
}

absl::string_view LineReader::TakeLine(size_t stop, bool ends) {
  absl::string_view line = absl::string_view(text_).substr(position_, stop - position_);
  position_ = stop + (ends ? 1 : 0);
  ++line_number_;
  const bool is_dos = absl::ConsumeSuffix(&line, "\r");
  line_end_ = !ends ? "" : is_dos ? "\r\n" : "\n";
  return line;
}

absl::Status LineReader::Fill() {
  text_.erase(0, position_);
  position_ = 0;
  const bool has_more = decoder_ != nullptr && decoder_->HasMore();
  if (undecoded_.empty() && !has_more) RETURN_IF_ERROR(NextBlock());
  if (at_end_) return absl::OkStatus();
  const size_t before = undecoded_.size();
  const absl::Status decoded = decoder_->Decode(undecoded_, text_);
  bytes_read_ += static_cast<int64_t>(before - undecoded_.size());
  if (decoded.ok()) return absl::OkStatus();
  return ContentError(path(), line_number_, decoded.message());
}

absl::Status LineReader::NextBlock() {
  ASSIGN_OR_RETURN(block_, bytes_->Next());
  while (decoder_ == nullptr && !block_.empty() && block_.size() < Decoder::kMagicBytes) {
    ASSIGN_OR_RETURN(const std::string more, bytes_->Next());
    if (more.empty()) break;
    block_ += more;
  }
  undecoded_ = block_;
  if (decoder_ == nullptr) decoder_ = Decoder::For(block_);
  at_end_ = block_.empty();
  if (!at_end_ || decoder_->IsComplete()) return absl::OkStatus();
  return ContentError(path(), line_number_,
                      "the compressed file is cut off: get it again, all of it");
}

}  // namespace fairway::cli
