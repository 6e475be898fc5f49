#pragma once

#include <ostream>
#include <streambuf>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// Redirects a stream to a file descriptor for its lifetime. Passes all text through Printable(),
// because names, labels and errors come from servers and files, and detects failed writes. For one
// thread.
class SafeOutput final : public std::streambuf {
 public:
  SafeOutput(std::ostream& stream, int descriptor, std::string name);
  ~SafeOutput() override;
  SafeOutput(const SafeOutput&) = delete;
  SafeOutput& operator=(const SafeOutput&) = delete;

  // Flushes. LOCAL_FILE when that, or an earlier write, failed.
  absl::Status Finish();

 private:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

  bool Write(absl::string_view text);

  std::ostream& stream_;
  std::streambuf* const before_;
  const int descriptor_;
  const std::string name_;
  std::string buffer_;
  int error_ = 0;  // An errno.
};

// Opens descriptors 0, 1 and 2 where they are closed, so that their use fails: otherwise a
// connection could get the number, and the output. Call it before anything is opened.
void ReserveStandardDescriptors();

}  // namespace fairway::cli
