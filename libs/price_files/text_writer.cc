#include "libs/price_files/text_writer.h"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/file_error.h"

namespace fairway::price_files {
namespace {

class PlainWriter : public TextWriter {
 public:
  PlainWriter(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  ~PlainWriter() override {
    if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  }

  absl::Status Write(absl::string_view text) override {
    if (std::fwrite(text.data(), 1, text.size(), file_) == text.size()) return absl::OkStatus();
    return FileError(path_, std::strerror(errno));
  }
  absl::Status Close() override {
    std::FILE* file = std::exchange(file_, nullptr);
    const int result = file == stdout ? std::fflush(file) : std::fclose(file);
    return result == 0 ? absl::OkStatus() : FileError(path_, std::strerror(errno));
  }

 private:
  const std::string path_;
  std::FILE* file_;
};

class ZstdWriter final : public PlainWriter {
 public:
  using PlainWriter::PlainWriter;
  ~ZstdWriter() override { ZSTD_freeCCtx(context_); }

  absl::Status Write(absl::string_view text) override { return Compress(text, ZSTD_e_continue); }
  absl::Status Close() override {
    RETURN_IF_ERROR(Compress("", ZSTD_e_end));
    return PlainWriter::Close();
  }

 private:
  absl::Status Compress(absl::string_view text, ZSTD_EndDirective directive) {
    std::array<char, 64 * 1024> out;
    ZSTD_inBuffer in = {.src = text.data(), .size = text.size(), .pos = 0};
    size_t left = 0;
    do {
      ZSTD_outBuffer buffer = {.dst = out.data(), .size = out.size(), .pos = 0};
      left = ZSTD_compressStream2(context_, &buffer, &in, directive);
      RETURN_IF_ERROR(PlainWriter::Write({out.data(), buffer.pos}));
    } while (directive == ZSTD_e_end ? left != 0 : in.pos < in.size);
    return absl::OkStatus();
  }

  ZSTD_CCtx* const context_ = ZSTD_createCCtx();
};

class GzipWriter final : public TextWriter {
 public:
  GzipWriter(std::string path, gzFile file) : path_(std::move(path)), file_(file) {}
  ~GzipWriter() override {
    if (file_ != nullptr) gzclose(file_);
  }

  absl::Status Write(absl::string_view text) override {
    const auto size = static_cast<unsigned>(text.size());
    if (size == 0 || gzwrite(file_, text.data(), size) > 0) return absl::OkStatus();
    return WriteError();
  }
  absl::Status Close() override {
    errno = 0;
    return gzclose(std::exchange(file_, nullptr)) == Z_OK ? absl::OkStatus() : WriteError();
  }

 private:
  absl::Status WriteError() const {
    return FileError(path_, errno == 0 ? "it cannot be written" : std::strerror(errno));
  }

  const std::string path_;
  gzFile file_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TextWriter>> TextWriter::Open(const std::string& path) {
  if (absl::EndsWith(path, ".gz")) {
    gzFile file = gzopen(path.c_str(), "wb1");
    if (file == nullptr) return FileError(path, std::strerror(errno));
    return std::make_unique<GzipWriter>(path, file);
  }
  std::FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
  if (file == nullptr) return FileError(path, std::strerror(errno));
  if (absl::EndsWith(path, ".zst")) return std::make_unique<ZstdWriter>(path, file);
  return std::make_unique<PlainWriter>(path, file);
}

}  // namespace fairway::price_files
