#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace fairway::cli {

// Bytes as they are stored somewhere, compressed or not.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // The next few bytes; "" at the end.
  virtual absl::StatusOr<std::string> Next() = 0;
  // What people call it.
  virtual const std::string& name() const = 0;
  // How many bytes there are in all, where that is known.
  virtual std::optional<int64_t> size() const = 0;
};

// A file, or standard input ("-").
class FileByteSource final : public ByteSource {
 public:
  // LOCAL_FILE when it cannot be opened.
  static absl::StatusOr<std::unique_ptr<ByteSource>> Open(const std::string& path);
  ~FileByteSource() override;

  // LOCAL_FILE.
  absl::StatusOr<std::string> Next() override;
  const std::string& name() const override { return path_; }
  std::optional<int64_t> size() const override { return size_; }

 private:
  FileByteSource(std::string path, std::FILE* file);

  const std::string path_;
  std::FILE* const file_;
  std::optional<int64_t> size_;
};

}  // namespace fairway::cli
