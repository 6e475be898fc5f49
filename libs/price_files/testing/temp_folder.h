#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/price_files/text_writer.h"

namespace fairway::price_files {

// A folder that is removed with this object.
class TempFolder {
 public:
  TempFolder() {
    std::string path = absl::StrCat(::testing::TempDir(), "fairway-XXXXXX");
    path_ = mkdtemp(path.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string Path(absl::string_view name) const { return absl::StrCat(path_, "/", name); }
  // Writes a file, compressed if the name says so, and returns its path.
  std::string Write(absl::string_view name, absl::string_view text) const {
    const std::string path = Path(name);
    const auto writer = TextWriter::Open(path).value();
    FAIRWAY_EXPECT_OK(writer->Write(text));
    FAIRWAY_EXPECT_OK(writer->Close());
    return path;
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

 private:
  std::string path_;
};

}  // namespace fairway::price_files
