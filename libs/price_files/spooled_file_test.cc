#include "libs/price_files/spooled_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/price_files/testing/temp_folder.h"
#include "libs/price_files/utf8.h"

namespace fairway::price_files {
namespace {

std::string ContentOf(const SpooledFile& file) {
  const auto bytes = file.Read().value();
  std::string all;
  while (true) {
    const std::string block = bytes->Next().value();
    if (block.empty()) return all;
    all += block;
  }
}

TEST(SpooledFileTest, APipeIsReadOnceAndItsCopyLeavesNothing) {
  const TempFolder folder;
  const std::string pipe = folder.Path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const TempFolder spool;
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  for (const std::string& tmpdir : {spool.path(), std::string()}) {
    setenv("TMPDIR", tmpdir.c_str(), 1);
    std::thread writer([&] { std::ofstream(pipe) << "some text"; });
    const auto file = SpooledFile::Open(pipe);
    writer.join();
    FAIRWAY_ASSERT_OK(file);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(ContentOf(**file), "some text");
    EXPECT_TRUE(std::filesystem::is_empty(spool.path())) << "whatever ends the process";
  }
  setenv("TMPDIR", kept.c_str(), 1);
}

TEST(Utf8Test, ASingleByteOfACharacterIsNone) {
  EXPECT_TRUE(IsUtf8("\x7f"));
  EXPECT_FALSE(IsUtf8("\x80"));
}

}  // namespace
}  // namespace fairway::price_files
