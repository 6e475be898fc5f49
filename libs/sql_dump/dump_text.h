#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/sql_dump/text_source.h"

namespace fairway::sql_dump {

// The characters of a dump, with the line they are on. Memory holds one piece of the source, and
// the line that is being read.
class DumpText {
 public:
  static constexpr int kEnd = -1;
  static constexpr size_t kLineBytesMax = 16 << 20;

  explicit DumpText(TextSource& source) : source_(source) {}

  // The character that comes `ahead` after the next one; kEnd behind the last, and after an error.
  int Peek(size_t ahead = 0) {
    if (position_ + ahead < text_.size())
      return static_cast<unsigned char>(text_[position_ + ahead]);
    return Fill(ahead) ? static_cast<unsigned char>(text_[position_ + ahead]) : kEnd;
  }
  int Take() {
    const int c = Peek();
    if (c == kEnd) return kEnd;
    ++position_;
    if (c == '\n') ++line_;
    return c;
  }
  // The rest of the line without its \n, valid until the next call of anything here. False at the
  // end, and after an error.
  bool TakeLine(absl::string_view& line);

  // Of the next character, from 1.
  int64_t line() const { return line_; }
  const std::string& name() const { return source_.name(); }
  // What ended the text early.
  const absl::Status& status() const { return status_; }

 private:
  bool Fill(size_t ahead);
  bool ReadPiece();

  TextSource& source_;
  std::string text_;
  size_t position_ = 0;
  int64_t line_ = 1;
  bool at_end_ = false;
  absl::Status status_;
};

}  // namespace fairway::sql_dump
