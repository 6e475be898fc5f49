#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/cli/byte_source.h"
#include "services/cli/decoder.h"

namespace fairway::cli {

// The lines of what may be compressed with gzip or Zstandard (judged by the first bytes, not by the
// name). Memory does not grow with the file.
class LineReader {
 public:
  static constexpr size_t kLineBytesMax = 1024 * 1024;

  // Of a file, or of standard input ("-"). LOCAL_FILE when it cannot be opened.
  static absl::StatusOr<std::unique_ptr<LineReader>> Open(const std::string& path);
  explicit LineReader(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)) {}

  // The next line without its end (\n or \r\n), valid until the next call; none at the end.
  // FILE_CONTENT when it is cut off or damaged, or a line is longer than 1 MiB; and the errors of
  // the source.
  absl::StatusOr<std::optional<absl::string_view>> Next();

  // The text that comes next, `bytes` of it or what there is; valid until the next call. Ends what
  // Next() gave. Not for more than a few KiB.
  absl::StatusOr<absl::string_view> Peek(size_t bytes);

  const std::string& path() const { return bytes_->name(); }
  int64_t line_number() const { return line_number_; }  // Of the last line, from 1.
  // What the last line ended with: "\n", "\r\n", or "" at the end of the file.
  absl::string_view line_end() const { return line_end_; }
  // Whether the text may have ended too early, unnoticed.
  bool may_be_cut() const {
    return bytes_->may_be_cut() && (decoder_ == nullptr || !decoder_->IsCompressed());
  }
  // Bytes read of the file as it is stored, and its size, where it has one.
  int64_t bytes_read() const { return bytes_read_; }
  std::optional<int64_t> size() const { return bytes_->size(); }

 private:
  absl::string_view TakeLine(size_t stop, bool ends);
  absl::Status Fill();
  absl::Status NextBlock();

  const std::unique_ptr<ByteSource> bytes_;
  std::unique_ptr<Decoder> decoder_;
  std::string block_;
  absl::string_view undecoded_;  // Of block_.
  std::string text_;             // Decoded, not yet returned.
  size_t position_ = 0;          // In text_.
  int64_t line_number_ = 0;
  absl::string_view line_end_;
  int64_t bytes_read_ = 0;
  bool at_end_ = false;
};

}  // namespace fairway::cli
