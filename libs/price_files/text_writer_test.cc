#include "libs/price_files/text_writer.h"

#include <cstdint>
#include <filesystem>
#include <string>

#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/decoded_bytes.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/temp_folder.h"

namespace fairway::price_files {
namespace {

constexpr const char* kNames[] = {"a.csv", "a.csv.gz", "a.csv.zst"};

// Text that does not compress.
std::string Noise(size_t size) {
  std::string text(size, '\0');
  uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24);
  return text;
}

std::string Decoded(const std::string& path) {
  DecodedBytes bytes(FileByteSource::Open(path).value());
  std::string text;
  while (bytes.Read(text, 0).value()) {
  }
  return text;
}

TEST(TextWriterTest, WhatIsWrittenIsRead) {
  const TempFolder folder;
  const std::string text = Noise(1'000'000);
  for (const char* name : kNames) {
    const std::string path = folder.Path(name);
    const auto writer = TextWriter::Open(path).value();
    for (const size_t size : {size_t{0}, size_t{1}, text.size() - 1}) {
      FAIRWAY_EXPECT_OK(writer->Write(absl::string_view(text).substr(size == 1 ? 0 : 1, size)));
    }
    FAIRWAY_EXPECT_OK(writer->Close());
    EXPECT_EQ(Decoded(path), text) << name;
  }
}

// What fits into the buffers is written when the file is closed.
TEST(TextWriterTest, AFullDiskIsNoticedWhenTheFileIsClosed) {
  const TempFolder folder;
  for (const char* name : kNames) {
    const std::string path = folder.Path(name);
    std::filesystem::create_symlink("/dev/full", path);
    const auto writer = TextWriter::Open(path).value();
    FAIRWAY_EXPECT_OK(writer->Write("a few bytes"));
    EXPECT_EQ(ReasonOf(writer->Close()), kFileReason) << name;
  }
}

TEST(TextWriterTest, AFullDiskIsNoticedWhileMuchIsWritten) {
  const TempFolder folder;
  const std::string text = Noise(1'000'000);
  for (const char* name : kNames) {
    const std::string path = folder.Path(name);
    std::filesystem::create_symlink("/dev/full", path);
    const auto writer = TextWriter::Open(path).value();
    EXPECT_EQ(ReasonOf(writer->Write(text)), kFileReason) << name;
  }
}

TEST(TextWriterTest, StandardOutputStaysOpen) {
  ::testing::internal::CaptureStdout();
  for (const char* text : {"one ", "two"}) {
    const auto writer = TextWriter::Open("-").value();
    FAIRWAY_EXPECT_OK(writer->Write(text));
    FAIRWAY_EXPECT_OK(writer->Close());
  }
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "one two");
}

}  // namespace
}  // namespace fairway::price_files
