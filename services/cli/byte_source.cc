#include "services/cli/byte_source.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "services/cli/exit_code.h"

namespace fairway::cli {
namespace {

constexpr size_t kBlockBytes = 256 * 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> FileByteSource::Open(const std::string& path) {
  std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return FileError(path, std::strerror(errno));
  return std::unique_ptr<ByteSource>(new FileByteSource(path, file));
}

FileByteSource::FileByteSource(std::string path, std::FILE* file)
    : path_(std::move(path)), file_(file) {
  std::error_code error;
  if (path_ == "-" || !std::filesystem::is_regular_file(path_, error)) return;
  const uintmax_t size = std::filesystem::file_size(path_, error);
  if (!error) size_ = static_cast<int64_t>(size);
}

FileByteSource::~FileByteSource() {
  if (file_ != stdin) std::fclose(file_);
}

absl::StatusOr<std::string> FileByteSource::Next() {
  std::string block(kBlockBytes, '\0');
  block.resize(std::fread(block.data(), 1, block.size(), file_));
  if (std::ferror(file_) != 0) return FileError(path_, std::strerror(errno));
  return block;
}

}  // namespace fairway::cli
