#include "libs/price_files/decoder.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"

namespace fairway::price_files {
namespace {

using Output = std::array<char, Decoder::kTextBytesMax>;

class PlainDecoder final : public Decoder {
 public:
  absl::Status Decode(absl::string_view& bytes, std::string& text) override {
    const absl::string_view taken = bytes.substr(0, kTextBytesMax);
    absl::StrAppend(&text, taken);
    bytes.remove_prefix(taken.size());
    return absl::OkStatus();
  }
  bool HasMore() const override { return false; }
  bool IsComplete() const override { return true; }
  bool IsCompressed() const override { return false; }
};

// A sequence of compressed members with optional zero padding, as found on tapes and devices.
class MembersDecoder : public Decoder {
 public:
  absl::Status Decode(absl::string_view& bytes, std::string& text) final {
    if (complete_) {
      bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
      if (bytes.empty()) return absl::OkStatus();
      if (!IsMemberStart(bytes.front())) {
        return absl::InvalidArgumentError("uncompressed bytes follow the compressed data");
      }
      RETURN_IF_ERROR(Restart());
      complete_ = false;
    }
    Output output;
    size_t size = 0;
    RETURN_IF_ERROR(DecodeMember(bytes, output, size));
    text.append(output.data(), size);
    has_more_ = size == output.size() && !complete_;
    return absl::OkStatus();
  }
  bool HasMore() const final { return has_more_; }
  bool IsComplete() const final { return complete_; }
  bool IsCompressed() const final { return true; }

 protected:
  // Whether a member may start with this byte.
  virtual bool IsMemberStart(char first) const = 0;
  virtual absl::Status Restart() = 0;
  // Consumes from `bytes`, writes `size` bytes of `output`, and sets complete_ at the end of the
  // member.
  virtual absl::Status DecodeMember(absl::string_view& bytes, Output& output, size_t& size) = 0;

  bool complete_ = false;

 private:
  bool has_more_ = false;
};

class GzipDecoder final : public MembersDecoder {
 public:
  GzipDecoder() { inflateInit2(&stream_, 15 + 16); }  // The largest window; gzip, not zlib.
  ~GzipDecoder() override { inflateEnd(&stream_); }

 protected:
  bool IsMemberStart(char first) const override { return first == '\x1f'; }
  absl::Status Restart() override {
    inflateReset(&stream_);
    return absl::OkStatus();
  }
  absl::Status DecodeMember(absl::string_view& bytes, Output& output, size_t& size) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(output.data());
    stream_.avail_out = output.size();
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the gzip data is damaged: ", stream_.msg == nullptr ? "not gzip" : stream_.msg));
    }
    bytes.remove_prefix(bytes.size() - stream_.avail_in);
    size = output.size() - stream_.avail_out;
    complete_ = result == Z_STREAM_END;
    return absl::OkStatus();
  }

 private:
  z_stream stream_ = {};
};

// The error of the library, with advice where the file can be made again.
absl::Status ZstdError(size_t result) {
  switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
      return absl::InvalidArgumentError(absl::StrCat(
          "the Zstandard data needs a window above ", (1 << Decoder::kWindowLogMax) >> 20,
          " MiB (zstd --long=", Decoder::kWindowLogMax + 1,
          " or more): compress it with a smaller window"));
    case ZSTD_error_dictionary_wrong:
      return absl::InvalidArgumentError(
          "the Zstandard data needs a dictionary: compress it without one");
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("the Zstandard data is damaged: ", ZSTD_getErrorName(result)));
  }
}

class ZstdDecoder final : public MembersDecoder {
 public:
  ZstdDecoder() { ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLogMax); }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }

 protected:
  bool IsMemberStart(char first) const override {
    return first == '\x28' || (first & 0xf0) == 0x50;  // A frame, or a skippable one.
  }
  absl::Status Restart() override { return absl::OkStatus(); }  // Not needed: the library does.
  absl::Status DecodeMember(absl::string_view& bytes, Output& output, size_t& size) override {
    ZSTD_inBuffer in = {.src = bytes.data(), .size = bytes.size(), .pos = 0};
    ZSTD_outBuffer out = {.dst = output.data(), .size = output.size(), .pos = 0};
    const size_t more = ZSTD_decompressStream(stream_, &out, &in);
    if (ZSTD_isError(more)) return ZstdError(more);
    bytes.remove_prefix(in.pos);
    size = out.pos;
    complete_ = more == 0;
    return absl::OkStatus();
  }

 private:
  ZSTD_DStream* const stream_ = ZSTD_createDStream();
};

bool IsSkippableFrame(absl::string_view bytes) {
  return bytes.size() >= 4 && (bytes[0] & 0xf0) == 0x50 && bytes.substr(1, 3) == "\x2a\x4d\x18";
}

}  // namespace

std::unique_ptr<Decoder> Decoder::For(absl::string_view first_bytes) {
  if (absl::StartsWith(first_bytes, "\x1f\x8b")) return std::make_unique<GzipDecoder>();
  if (absl::StartsWith(first_bytes, "\x28\xb5\x2f\xfd") || IsSkippableFrame(first_bytes)) {
    return std::make_unique<ZstdDecoder>();
  }
  return std::make_unique<PlainDecoder>();
}

}  // namespace fairway::price_files
