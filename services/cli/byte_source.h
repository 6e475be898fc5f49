#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

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
  // Whether the end may be one that comes too early, as that of a pipe does when whoever writes
  // into it fails.
  virtual bool may_be_cut() const { return false; }
};

// A file, or standard input ("-").
class FileByteSource final : public ByteSource {
 public:
  // LOCAL_FILE when it cannot be opened, or is a directory.
  static absl::StatusOr<std::unique_ptr<ByteSource>> Open(const std::string& path);
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
  const bool is_regular_;  // Also when it comes through standard input.
  const std::optional<int64_t> size_;
};

}  // namespace fairway::cli
