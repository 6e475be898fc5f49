#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace fairway::price_files {

// A sequence of bytes as they are stored, compressed or not. For one thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // The next block; empty at the end.
  virtual absl::StatusOr<std::string> Next() = 0;
  // The name for messages: a path, or "standard input".
  virtual const std::string& name() const = 0;
  // The total number of bytes, if known.
  virtual std::optional<int64_t> size() const = 0;
  // Whether the input may end early unnoticed: a pipe also ends when its writer fails.
  virtual bool may_be_cut() const { return false; }
};

// A file, or standard input ("-").
class FileByteSource final : public ByteSource {
 public:
  // LOCAL_FILE when it cannot be opened, or is a directory.
  static absl::StatusOr<std::unique_ptr<ByteSource>> Open(const std::string& path);
  // The same with another name for messages.
  static absl::StatusOr<std::unique_ptr<ByteSource>> OpenAs(std::string name,
                                                            const std::string& path);
  ~FileByteSource() override;

  // LOCAL_FILE.
  absl::StatusOr<std::string> Next() override;
  const std::string& name() const override { return name_; }
  std::optional<int64_t> size() const override { return size_; }
  bool may_be_cut() const override { return !is_regular_; }

 private:
  FileByteSource(std::string name, std::FILE* file, bool is_regular, std::optional<int64_t> size)
      : name_(std::move(name)), file_(file), is_regular_(is_regular), size_(size) {}

  const std::string name_;
  std::FILE* const file_;
  const bool is_regular_;  // True for a regular file on standard input, too.
  const std::optional<int64_t> size_;
};

}  // namespace fairway::price_files
