#pragma once

#include <ostream>
#include <streambuf>
#include <string>

#include "absl/status/status.h"

namespace fairway::cli {

// Stands between a stream and a file descriptor while it lives. Names, labels and errors come from
// servers and files: whatever is written becomes Printable(), so that no command has to think of
// it. And it knows whether all of it was written.
class SafeOutput final : public std::streambuf {
 public:
  SafeOutput(std::ostream& stream, int descriptor, std::string name);
  ~SafeOutput() override;
  SafeOutput(const SafeOutput&) = delete;
  SafeOutput& operator=(const SafeOutput&) = delete;

  // Writes what is left. LOCAL_FILE when that, or anything before, failed.
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
  std::string waiting_;
  int error_ = 0;  // As errno has it.
};

// Gives descriptors 0, 1 and 2 that are closed a file that fails when it is used: else a connection
// would get the number, and the output with it. Before anything is opened.
void ReserveStandardDescriptors();

}  // namespace fairway::cli
