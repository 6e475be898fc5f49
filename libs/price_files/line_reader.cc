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
    if (absl::string_view line; TakeBuffered(line)) return line;
    if (text_.size() - position_ > kLineBytesMax) {
      return ContentError(path(), line_number_ + 1, "the line is longer than 1 MiB");
    }
    if (at_end_) return TakeRest();
    RETURN_IF_ERROR(Fill());
  }
}

absl::StatusOr<absl::string_view> LineReader::Peek(size_t bytes) {
  while (!at_end_ && text_.size() - position_ < bytes) RETURN_IF_ERROR(Fill());
  return absl::string_view(text_).substr(position_, bytes);
}

std::optional<absl::string_view> LineReader::TakeRest() {
  absl::string_view line = absl::string_view(text_).substr(position_);
  if (line.empty()) return std::nullopt;
  position_ = text_.size();
  ++line_number_;
  absl::ConsumeSuffix(&line, "\r");
  line_end_ = "";
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
