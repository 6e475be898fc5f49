#include "services/cli/decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace fairway::cli {
namespace {

class PlainDecoder final : public Decoder {
 public:
  bool Decode(absl::string_view& bytes, std::string& text) override {
    const absl::string_view taken = bytes.substr(0, kTextBytesMax);
    absl::StrAppend(&text, taken);
    bytes.remove_prefix(taken.size());
    return true;
  }
  bool HasMore() const override { return false; }
  bool IsComplete() const override { return true; }
};

class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() { inflateInit2(&stream_, 15 + 32); }  // The largest window, with a header.
  ~GzipDecoder() override { inflateEnd(&stream_); }

  bool Decode(absl::string_view& bytes, std::string& text) override {
    std::array<char, kTextBytesMax> out;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = out.size();
    if (complete_) inflateReset(&stream_);  // Another member follows.
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
    bytes.remove_prefix(bytes.size() - stream_.avail_in);
    text.append(out.data(), out.size() - stream_.avail_out);
    complete_ = result == Z_STREAM_END;
    return true;
  }
  bool HasMore() const override { return stream_.avail_out == 0 && !complete_; }
  bool IsComplete() const override { return complete_; }

 private:
  z_stream stream_ = {.avail_out = kTextBytesMax};
  bool complete_ = false;
};

class ZstdDecoder final : public Decoder {
 public:
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }

  bool Decode(absl::string_view& bytes, std::string& text) override {
    std::array<char, kTextBytesMax> out;
    ZSTD_inBuffer in = {.src = bytes.data(), .size = bytes.size(), .pos = 0};
    ZSTD_outBuffer buffer = {.dst = out.data(), .size = out.size(), .pos = 0};
    const size_t more = ZSTD_decompressStream(stream_, &buffer, &in);
    if (ZSTD_isError(more)) return false;
    bytes.remove_prefix(in.pos);
    text.append(out.data(), buffer.pos);
    complete_ = more == 0;
    has_more_ = buffer.pos == buffer.size && !complete_;
    return true;
  }
  bool HasMore() const override { return has_more_; }
  bool IsComplete() const override { return complete_; }

 private:
  ZSTD_DStream* const stream_ = ZSTD_createDStream();
  bool complete_ = false;
  bool has_more_ = false;
};

}  // namespace

std::unique_ptr<Decoder> Decoder::For(absl::string_view first_bytes) {
  if (absl::StartsWith(first_bytes, "\x1f\x8b")) return std::make_unique<GzipDecoder>();
  if (absl::StartsWith(first_bytes, "\x28\xb5\x2f\xfd")) return std::make_unique<ZstdDecoder>();
  return std::make_unique<PlainDecoder>();
}

}  // namespace fairway::cli
