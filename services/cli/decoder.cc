#include "services/cli/decoder.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"

namespace fairway::cli {
namespace {

using Room = std::array<char, Decoder::kTextBytesMax>;

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

// Compressed members, one after the other, with zeros between and behind them: what is written in
// blocks, to tapes and devices, is padded so.
class MembersDecoder : public Decoder {
 public:
  absl::Status Decode(absl::string_view& bytes, std::string& text) final {
    if (complete_) {
      bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
      if (bytes.empty()) return absl::OkStatus();
      if (!MayBegin(bytes.front())) {
        return absl::InvalidArgumentError(
            "the compressed data ends, and bytes follow that are not compressed");
      }
      RETURN_IF_ERROR(Restart());
      complete_ = false;
    }
    Room room;
    size_t size = 0;
    RETURN_IF_ERROR(DecodeMember(bytes, room, size));
    text.append(room.data(), size);
    has_more_ = size == room.size() && !complete_;
    return absl::OkStatus();
  }
  bool HasMore() const final { return has_more_; }
  bool IsComplete() const final { return complete_; }
  bool IsCompressed() const final { return true; }

 protected:
  // Whether a member can begin with this byte.
  virtual bool MayBegin(char first) const = 0;
  virtual absl::Status Restart() = 0;
  // Takes from `bytes`, fills `size` bytes of `room`, and sets complete_ at the member's end.
  virtual absl::Status DecodeMember(absl::string_view& bytes, Room& room, size_t& size) = 0;

  bool complete_ = false;

 private:
  bool has_more_ = false;
};

class GzipDecoder final : public MembersDecoder {
 public:
  GzipDecoder() { inflateInit2(&stream_, 15 + 16); }  // The largest window; gzip, not zlib.
  ~GzipDecoder() override { inflateEnd(&stream_); }

 protected:
  bool MayBegin(char first) const override { return first == '\x1f'; }
  absl::Status Restart() override {
    inflateReset(&stream_);
    return absl::OkStatus();
  }
  absl::Status DecodeMember(absl::string_view& bytes, Room& room, size_t& size) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = room.size();
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the gzip data is damaged: ", stream_.msg == nullptr ? "no gzip" : stream_.msg));
    }
    bytes.remove_prefix(bytes.size() - stream_.avail_in);
    size = room.size() - stream_.avail_out;
    complete_ = result == Z_STREAM_END;
    return absl::OkStatus();
  }

 private:
  z_stream stream_ = {};
};

// The text of an error, with what to do where somebody can do something.
absl::Status ZstdError(size_t result) {
  switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
      return absl::InvalidArgumentError(absl::StrCat(
          "the Zstandard data needs a window above ", (1 << Decoder::kWindowLogMax) >> 20,
          " MiB (zstd --long=", Decoder::kWindowLogMax + 1,
          " or more): compress it with a shorter one"));
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
  bool MayBegin(char first) const override {
    return first == '\x28' || (first & 0xf0) == 0x50;  // A frame; a skippable one.
  }
  absl::Status Restart() override { return absl::OkStatus(); }  // Does so by itself.
  absl::Status DecodeMember(absl::string_view& bytes, Room& room, size_t& size) override {
    ZSTD_inBuffer in = {.src = bytes.data(), .size = bytes.size(), .pos = 0};
    ZSTD_outBuffer out = {.dst = room.data(), .size = room.size(), .pos = 0};
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

}  // namespace fairway::cli
