#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/price_files/byte_source.h"
#include "libs/price_files/decoded_bytes.h"

namespace fairway::price_files {

// Reads the lines of a text that may be compressed. Memory does not grow with the file. For one
// thread.
class LineReader {
 public:
  static constexpr size_t kLineBytesMax = 1024 * 1024;

  // Opens a file, or standard input ("-"). LOCAL_FILE.
  static absl::StatusOr<std::unique_ptr<LineReader>> Open(const std::string& path);
  explicit LineReader(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)) {}

  // The next line without its line end (\n or \r\n), valid until the next call; nullopt at the end.
  // FILE_CONTENT when the file is truncated or damaged, or the line is longer than kLineBytesMax,
  // in which a carriage return counts. Errors of the source.
  absl::StatusOr<std::optional<absl::string_view>> Next();

  // The same for a line that has been read from the source up to its end, as most have; false for
  // any other, for one that is too long, and for the last one without a line end.
  bool TakeBuffered(absl::string_view& line) {
    const char* const begin = text_.data() + position_;
    const void* const end = std::memchr(begin, '\n', text_.size() - position_);
    if (end == nullptr) return false;
    const auto size = static_cast<size_t>(static_cast<const char*>(end) - begin);
    if (size > kLineBytesMax) return false;
    const bool is_dos = size > 0 && begin[size - 1] == '\r';
    line = absl::string_view(begin, is_dos ? size - 1 : size);
    line_end_ = is_dos ? "\r\n" : "\n";
    position_ += size + 1;
    ++line_number_;
    return true;
  }

  // Up to `bytes` of the text that follows, valid until the next call; invalidates the last line.
  // For a few KiB only.
  absl::StatusOr<absl::string_view> Peek(size_t bytes);

  const std::string& path() const { return bytes_.name(); }
  int64_t line_number() const { return line_number_; }  // Of the last line, from 1.
  // The line end of the last line: "\n", "\r\n", or "" at the end of the file.
  absl::string_view line_end() const { return line_end_; }
  bool may_be_cut() const { return bytes_.may_be_cut(); }
  int64_t bytes_read() const { return bytes_.bytes_read(); }
  std::optional<int64_t> size() const { return bytes_.size(); }

 private:
  std::optional<absl::string_view> TakeRest();
  absl::Status Fill();

  DecodedBytes bytes_;
  std::string text_;     // Decoded, not yet returned.
  size_t position_ = 0;  // In text_.
  int64_t line_number_ = 0;
  absl::string_view line_end_;
  bool at_end_ = false;
};

}  // namespace fairway::price_files
