#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "services/cli/byte_source.h"

namespace fairway::cli {

// A file that can be read from its beginning more than once. What comes through a pipe is first
// copied to a temporary file (in TMPDIR, or /tmp) that has no name and is gone with this object,
// or with the process.
class SpooledFile {
 public:
  // `path` may be "-" for standard input. LOCAL_FILE.
  static absl::StatusOr<std::unique_ptr<SpooledFile>> Open(const std::string& path);
  ~SpooledFile();
  SpooledFile(const SpooledFile&) = delete;
  SpooledFile& operator=(const SpooledFile&) = delete;

  // From its beginning. LOCAL_FILE.
  absl::StatusOr<std::unique_ptr<ByteSource>> Read() const;
  // What people call it.
  const std::string& name() const { return name_; }

 private:
  SpooledFile(std::string name, std::FILE* copy);

  const std::string name_;
  std::FILE* const copy_;   // Null when the file itself can be read again.
  const std::string path_;  // What is opened.
};

}  // namespace fairway::cli
