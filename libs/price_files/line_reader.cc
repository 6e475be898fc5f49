#include "libs/price_files/line_reader.h"

#include <utility>

#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/file_error.h"

namespace fairway::price_files {

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
      return ContentError(path(), line_number_ + 1, "the line is longer than 1 MiB");
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
  ASSIGN_OR_RETURN(const bool more, bytes_.Read(text_, line_number_));
  at_end_ = !more;
  return absl::OkStatus();
}

}  // namespace fairway::price_files
