#include "services/cli/line_reader.h"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "libs/base/status_macros.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

constexpr size_t kBlockBytes = 256 * 1024;
constexpr size_t kLineBytesMax = 1024 * 1024;

}  // namespace

// Turns the bytes of a file into text, block by block.
class LineReader::Decoder {
 public:
  virtual ~Decoder() = default;
  // False when `bytes` are damaged.
  virtual bool Decode(absl::string_view bytes, std::string& text) = 0;
  // Whether the file may end here.
  virtual bool IsComplete() const = 0;
};

class LineReader::PlainDecoder final : public Decoder {
 public:
  bool Decode(absl::string_view bytes, std::string& text) override {
    absl::StrAppend(&text, bytes);
    return true;
  }
  bool IsComplete() const override { return true; }
};

class LineReader::GzipDecoder final : public Decoder {
 public:
  GzipDecoder() { inflateInit2(&stream_, 15 + 32); }  // The largest window, with a header.
  ~GzipDecoder() override { inflateEnd(&stream_); }

  bool Decode(absl::string_view bytes, std::string& text) override {
    std::array<char, kBlockBytes> out;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      if (complete_) inflateReset(&stream_);  // Another member follows.
      complete_ = false;
      stream_.next_out = reinterpret_cast<Bytef*>(out.data());
      stream_.avail_out = out.size();
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
      text.append(out.data(), out.size() - stream_.avail_out);
      complete_ = result == Z_STREAM_END;
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return true;
  }
  bool IsComplete() const override { return complete_; }

 private:
  z_stream stream_ = {};
  bool complete_ = false;
};

class LineReader::ZstdDecoder final : public Decoder {
 public:
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }

  bool Decode(absl::string_view bytes, std::string& text) override {
    std::array<char, kBlockBytes> out;
    ZSTD_inBuffer in = {.src = bytes.data(), .size = bytes.size(), .pos = 0};
    bool out_full = false;
    while (in.pos < in.size || out_full) {
      ZSTD_outBuffer buffer = {.dst = out.data(), .size = out.size(), .pos = 0};
      const size_t more = ZSTD_decompressStream(stream_, &buffer, &in);
      if (ZSTD_isError(more)) return false;
      text.append(out.data(), buffer.pos);
      complete_ = more == 0;
      out_full = buffer.pos == buffer.size && !complete_;
    }
    return true;
  }
  bool IsComplete() const override { return complete_; }

 private:
  ZSTD_DStream* const stream_ = ZSTD_createDStream();
  bool complete_ = false;
};

absl::StatusOr<std::unique_ptr<LineReader>> LineReader::Open(const std::string& path) {
  std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return FileError(path, std::strerror(errno));
  return std::unique_ptr<LineReader>(new LineReader(path, file));
}

LineReader::LineReader(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {
  std::error_code error;
  if (path_ == "-" || !std::filesystem::is_regular_file(path_, error)) return;
  const uintmax_t size = std::filesystem::file_size(path_, error);
  if (!error) size_ = static_cast<int64_t>(size);
}

LineReader::~LineReader() {
  if (file_ != stdin) std::fclose(file_);
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
      return FileError(path_, absl::StrCat("line ", line_number_ + 1, " is longer than 1 MiB"));
    }
    RETURN_IF_ERROR(Fill());
  }
}

absl::StatusOr<std::string> LineReader::ReadBlock() {
  std::string block(kBlockBytes, '\0');
  block.resize(std::fread(block.data(), 1, block.size(), file_));
  if (std::ferror(file_) != 0) return FileError(path_, std::strerror(errno));
  bytes_read_ += static_cast<int64_t>(block.size());
  return block;
}

absl::Status LineReader::Fill() {
  text_.erase(0, position_);
  position_ = 0;
  ASSIGN_OR_RETURN(const std::string block, ReadBlock());
  if (decoder_ == nullptr) {
    const absl::string_view start = block;
    if (absl::StartsWith(start, "\x1f\x8b")) {
      decoder_ = std::make_unique<GzipDecoder>();
    } else if (absl::StartsWith(start, "\x28\xb5\x2f\xfd")) {
      decoder_ = std::make_unique<ZstdDecoder>();
    } else {
      decoder_ = std::make_unique<PlainDecoder>();
    }
  }
  if (block.empty()) {
    at_end_ = true;
    if (!decoder_->IsComplete()) return FileError(path_, "the compressed file is cut off");
    return absl::OkStatus();
  }
  if (!decoder_->Decode(block, text_)) return FileError(path_, "the compressed file is damaged");
  return absl::OkStatus();
}

}  // namespace fairway::cli
