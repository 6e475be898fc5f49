#include "libs/price_files/spooled_file.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/file_error.h"

namespace fairway::price_files {
namespace {

std::string SpoolFolder() {
  const char* folder = std::getenv("TMPDIR");
  return folder == nullptr || *folder == '\0' ? "/tmp" : folder;
}

absl::Status SpoolError(absl::string_view name) {
  return FileError(SpoolFolder(),
                   absl::StrCat("cannot keep a copy of ", name, " there: ", std::strerror(errno),
                                "; set TMPDIR to use another folder"));
}

absl::Status Copy(ByteSource& from, std::FILE* to) {
  while (true) {
    ASSIGN_OR_RETURN(const std::string block, from.Next());
    if (std::fwrite(block.data(), 1, block.size(), to) != block.size()) {
      return SpoolError(from.name());
    }
    if (block.empty()) return std::fflush(to) == 0 ? absl::OkStatus() : SpoolError(from.name());
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<SpooledFile>> SpooledFile::Open(const std::string& path) {
  std::error_code ignored;  // FileByteSource::Open() reports what is wrong with the path.
  if (std::filesystem::is_regular_file(path, ignored)) {
    return std::unique_ptr<SpooledFile>(new SpooledFile(path, nullptr));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> bytes, FileByteSource::Open(path));
  std::string copy_path = SpoolFolder() + "/fairway-XXXXXX";
  const int descriptor = mkstemp(copy_path.data());
  if (descriptor < 0) return SpoolError(bytes->name());
  unlink(copy_path.c_str());
  auto file =
      std::unique_ptr<SpooledFile>(new SpooledFile(bytes->name(), fdopen(descriptor, "w+b")));
  RETURN_IF_ERROR(Copy(*bytes, file->copy_));
  return file;
}

SpooledFile::SpooledFile(std::string name, std::FILE* copy)
    : name_(std::move(name)),
      copy_(copy),
      path_(copy == nullptr ? name_ : absl::StrCat("/proc/self/fd/", fileno(copy))) {}

SpooledFile::~SpooledFile() {
  if (copy_ != nullptr) std::fclose(copy_);
}

absl::StatusOr<std::unique_ptr<ByteSource>> SpooledFile::Read() const {
  return FileByteSource::OpenAs(name_, path_);
}

}  // namespace fairway::price_files
