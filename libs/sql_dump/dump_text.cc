#include "libs/sql_dump/dump_text.h"

#include "libs/sql_dump/dump_error.h"

namespace fairway::sql_dump {

bool DumpText::ReadPiece() {
  if (at_end_) return false;
  text_.erase(0, position_);
  position_ = 0;
  const absl::StatusOr<bool> more = source_.Read(text_);
  if (!more.ok()) status_ = more.status();
  at_end_ = !more.ok() || !*more;
  if (!more.ok()) text_.clear();
  return !at_end_;
}

bool DumpText::Fill(size_t ahead) {
  while (position_ + ahead >= text_.size()) {
    if (!ReadPiece()) return position_ + ahead < text_.size();
  }
  return true;
}

bool DumpText::TakeLine(absl::string_view& line) {
  size_t searched = 0;
  while (true) {
    const size_t end = text_.find('\n', position_ + searched);
    if (end != std::string::npos) {
      line = absl::string_view(text_).substr(position_, end - position_);
      position_ = end + 1;
      ++line_;
      return true;
    }
    searched = text_.size() - position_;
    if (searched > kLineBytesMax) {
      status_ = DumpError(name(), line_, "the line is longer than 16 MiB");
      text_.clear();
      position_ = 0;
      at_end_ = true;
      return false;
    }
    if (ReadPiece()) continue;
    line = absl::string_view(text_).substr(position_);
    position_ = text_.size();
    return !line.empty();
  }
}

}  // namespace fairway::sql_dump
