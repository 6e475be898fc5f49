#include "services/cli/shell/safe_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "libs/price_files/file_error.h"
#include "services/cli/shell/printable.h"

namespace fairway::cli {
namespace {

constexpr size_t kBufferBytesMax = 64 * 1024;

}  // namespace

SafeOutput::SafeOutput(std::ostream& stream, int descriptor, std::string name)
    : stream_(stream),
      before_(stream.rdbuf(this)),
      descriptor_(descriptor),
      name_(std::move(name)) {}

SafeOutput::~SafeOutput() {
  Finish().IgnoreError();
  stream_.rdbuf(before_);
}

absl::Status SafeOutput::Finish() {
  sync();
  if (error_ == 0 && !buffer_.empty()) Write(std::exchange(buffer_, ""));
  return error_ == 0 ? absl::OkStatus() : price_files::FileError(name_, std::strerror(error_));
}

SafeOutput::int_type SafeOutput::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char character = traits_type::to_char_type(c);
  return xsputn(&character, 1) == 1 ? c : traits_type::eof();
}

std::streamsize SafeOutput::xsputn(const char* text, std::streamsize size) {
  if (error_ != 0) return 0;
  buffer_.append(text, static_cast<size_t>(size));
  const bool is_written = buffer_.size() < kBufferBytesMax || sync() == 0;
  return is_written ? size : 0;
}

// Keeps an incomplete character at the end for later.
int SafeOutput::sync() {
  const size_t ready = buffer_.size() - IncompleteTail(buffer_);
  const bool is_written = Write(absl::string_view(buffer_).substr(0, ready));
  buffer_.erase(0, ready);
  return is_written ? 0 : -1;
}

bool SafeOutput::Write(absl::string_view text) {
  const std::string printable = Printable(text);
  for (size_t done = 0; error_ == 0 && done < printable.size();) {
    const ssize_t written = write(descriptor_, printable.data() + done, printable.size() - done);
    if (written >= 0) {
      done += static_cast<size_t>(written);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  return error_ == 0;
}

void ReserveStandardDescriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open() returns the lowest free number: this one.
    if (fcntl(descriptor, F_GETFD) < 0) {
      open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

}  // namespace fairway::cli
