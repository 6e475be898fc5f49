#include "libs/price_files/testing/compress.h"

#include <zlib.h>
#include <zstd.h>

#include "absl/strings/str_cat.h"

namespace fairway::price_files {
namespace {

std::string LittleEndian(uint32_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text.push_back(static_cast<char>(number >> (8 * i)));
  return text;
}

}  // namespace

std::string Gzip(absl::string_view text) {
  z_stream stream = {};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(absl::string_view text) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string ZstdWithWindow(absl::string_view text, int window_log) {
  const char window = static_cast<char>((window_log - 10) << 3);
  const auto last_raw_block = static_cast<uint32_t>(text.size() << 3 | 1);
  return absl::StrCat(LittleEndian(0xfd2fb528, 4), std::string(1, '\0'), std::string(1, window),
                      LittleEndian(last_raw_block, 3), text);
}

std::string SkippableFrame(absl::string_view content) {
  return absl::StrCat(LittleEndian(0x184d2a50, 4),
                      LittleEndian(static_cast<uint32_t>(content.size()), 4), content);
}

}  // namespace fairway::price_files
