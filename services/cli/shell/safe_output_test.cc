#include "services/cli/shell/safe_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "services/cli/shell/exit_code.h"

namespace fairway::cli {
namespace {

TEST(SafeOutputTest, WritesPrintableText) {
  std::array<int, 2> ends;
  ASSERT_EQ(pipe(ends.data()), 0);
  std::ostringstream stream;
  {
    SafeOutput output(stream, ends[1], "x");
    stream << "上\x1b" << std::flush << "\xe4" << std::flush << "\xb8\x8a" << 7;
    FAIRWAY_EXPECT_OK(output.Finish());
  }
  close(ends[1]);
  std::string text(100, '\0');
  text.resize(static_cast<size_t>(read(ends[0], text.data(), text.size())));
  close(ends[0]);
  EXPECT_EQ(text, "上\\x1b上7");
}

TEST(SafeOutputTest, ReportsAFullDisk) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  std::ostringstream stream;
  SafeOutput output(stream, full, "standard output");
  stream << "x";
  const absl::Status status = output.Finish();
  EXPECT_EQ(status.message(), "standard output: No space left on device");
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kFile);
  stream << std::string(1'000'000, 'y');
  EXPECT_FALSE(output.Finish().ok());
  close(full);
}

}  // namespace
}  // namespace fairway::cli
