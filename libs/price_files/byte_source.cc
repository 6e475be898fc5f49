#include "libs/price_files/byte_source.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "libs/price_files/file_error.h"

namespace fairway::price_files {
namespace {

constexpr size_t kBlockBytes = 256 * 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> FileByteSource::Open(const std::string& path) {
  return OpenAs(path == "-" ? "standard input" : path, path);
}

absl::StatusOr<std::unique_ptr<ByteSource>> FileByteSource::OpenAs(std::string name,
                                                                   const std::string& path) {
  const bool is_standard_input = path == "-";
  std::FILE* file = is_standard_input ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return FileError(name, std::strerror(errno));
  struct stat status = {};
  const bool is_known = fstat(fileno(file), &status) == 0;
  const bool is_regular = is_known && S_ISREG(status.st_mode);
  std::optional<int64_t> size;
  if (is_regular && !is_standard_input) size = status.st_size;
  std::unique_ptr<ByteSource> source(new FileByteSource(std::move(name), file, is_regular, size));
  if (is_known && S_ISDIR(status.st_mode)) {
    return FileError(source->name(), "it is a directory; a file is expected");
  }
  return source;
}

FileByteSource::~FileByteSource() {
  if (file_ != stdin) std::fclose(file_);
}

absl::StatusOr<std::string> FileByteSource::Next() {
  std::string block(kBlockBytes, '\0');
  block.resize(std::fread(block.data(), 1, block.size(), file_));
  if (std::ferror(file_) != 0) return FileError(name_, std::strerror(errno));
  return block;
}

}  // namespace fairway::price_files
