#include "libs/price_files/byte_source.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_details.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/temp_folder.h"

namespace fairway::price_files {
namespace {

TEST(FileByteSourceTest, OnlyRegularFilesCannotBeCut) {
  const TempFolder folder;
  EXPECT_FALSE(FileByteSource::Open(folder.Write("a.csv", "x")).value()->may_be_cut());
  EXPECT_TRUE(FileByteSource::Open("/dev/null").value()->may_be_cut());
}

TEST(FileByteSourceTest, RefusesADirectory) {
  const TempFolder folder;
  const absl::Status status = FileByteSource::Open(folder.path()).status();
  EXPECT_EQ(ReasonOf(status), kFileReason);
  EXPECT_EQ(status.message(), folder.path() + ": it is a directory; a file is expected");
}

}  // namespace
}  // namespace fairway::price_files
