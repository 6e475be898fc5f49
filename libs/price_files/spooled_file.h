#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "libs/price_files/byte_source.h"

namespace fairway::price_files {

// A file that can be read from its beginning more than once. A pipe is first copied to an unnamed
// temporary file (in TMPDIR, or /tmp) that lives as long as this object, or the process.
class SpooledFile {
 public:
  // `path` may be "-" for standard input. LOCAL_FILE.
  static absl::StatusOr<std::unique_ptr<SpooledFile>> Open(const std::string& path);
  ~SpooledFile();
  SpooledFile(const SpooledFile&) = delete;
  SpooledFile& operator=(const SpooledFile&) = delete;

  // Starts again at the beginning. LOCAL_FILE.
  absl::StatusOr<std::unique_ptr<ByteSource>> Read() const;
  // The name for messages.
  const std::string& name() const { return name_; }

 private:
  SpooledFile(std::string name, std::FILE* copy);

  const std::string name_;
  std::FILE* const copy_;   // Null when the file itself can be read again.
  const std::string path_;  // Of the file, or of its copy.
};

}  // namespace fairway::price_files
