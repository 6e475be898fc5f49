#include "services/cli/shell/safe_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
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

// A file that is read back.
class File {
 public:
  File() : file_(std::tmpfile()) {}
  ~File() { std::fclose(file_); }
  int descriptor() const { return fileno(file_); }
  std::string Content() const {
    std::string text(1 << 20, '\0');
    text.resize(static_cast<size_t>(pread(descriptor(), text.data(), text.size(), 0)));
    return text;
  }

 private:
  std::FILE* const file_;
};

TEST(SafeOutputTest, WritesWhatIsLeftWhenItGoesAndGivesTheStreamBack) {
  const File file;
  std::ostringstream stream;
  {
    const SafeOutput output(stream, file.descriptor(), "x");
    stream << "a\xe4";
    EXPECT_EQ(file.Content(), "");
  }
  EXPECT_EQ(file.Content(), "a\\xe4") << "an incomplete character, too";
  stream << "b";
  EXPECT_EQ(stream.str(), "b");
}

TEST(SafeOutputTest, KeepsNoMoreThanABufferBack) {
  const File file;
  std::ostringstream stream;
  SafeOutput output(stream, file.descriptor(), "x");
  stream << std::string(64 * 1024 - 1, 'x');
  EXPECT_EQ(file.Content(), "");
  stream << "y";
  EXPECT_EQ(file.Content().size(), 64 * 1024);
}

TEST(SafeOutputTest, AStreamThatCannotBeWrittenFails) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  std::ostringstream stream;
  SafeOutput output(stream, full, "standard output");
  stream << "x" << std::flush;
  stream.clear();
  stream << "y";
  EXPECT_TRUE(stream.bad());
  close(full);
}

TEST(ReserveStandardDescriptorsTest, TheUseOfAClosedOneFails) {
  const auto modes = [] {
    for (int descriptor = 0; descriptor < 3; ++descriptor) close(descriptor);
    ReserveStandardDescriptors();
    const auto mode = [](int descriptor) { return fcntl(descriptor, F_GETFL) & O_ACCMODE; };
    _exit(mode(0) == O_WRONLY && mode(1) == O_RDONLY && mode(2) == O_RDONLY ? 7 : 1);
  };
  EXPECT_EXIT(modes(), ::testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace fairway::cli
