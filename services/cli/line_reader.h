#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// The lines of a file, of a .gz or a .zst file (told by their first bytes, not by their name), or
// of standard input ("-"). Memory does not grow with the file.
class LineReader {
 public:
  // LOCAL_FILE when it cannot be opened.
  static absl::StatusOr<std::unique_ptr<LineReader>> Open(const std::string& path);
  ~LineReader();

  // The next line without its end (\n or \r\n), valid until the next call; none at the end.
  // LOCAL_FILE when it cannot be read on, is cut off, or a line is longer than 1 MiB.
  absl::StatusOr<std::optional<absl::string_view>> Next();

  const std::string& path() const { return path_; }
  int64_t line_number() const { return line_number_; }  // Of the last line, from 1.
  // Bytes read of the file as it is stored, and its size, where it has one.
  int64_t bytes_read() const { return bytes_read_; }
  std::optional<int64_t> size() const { return size_; }

 private:
  class Decoder;
  class PlainDecoder;
  class GzipDecoder;
  class ZstdDecoder;

  LineReader(std::string path, std::FILE* file);
  absl::Status Fill();
  absl::StatusOr<std::string> ReadBlock();

  const std::string path_;
  std::FILE* const file_;
  std::optional<int64_t> size_;
  std::unique_ptr<Decoder> decoder_;
  std::string text_;     // Decoded, not yet told.
  size_t position_ = 0;  // In text_.
  int64_t line_number_ = 0;
  int64_t bytes_read_ = 0;
  bool at_end_ = false;
};

}  // namespace fairway::cli
