#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/batch_id.h"
#include "libs/price_files/byte_source.h"
#include "libs/price_files/decoder.h"
#include "libs/price_files/line_reader.h"
#include "libs/price_files/location_file.h"
#include "libs/price_files/price_source.h"
#include "libs/price_files/text_writer.h"
#include "services/cli/batch_name.h"
#include "services/cli/error_report.h"
#include "services/cli/exit_code.h"

// Reading and writing the files people have.
namespace fairway::cli {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Ne;
using ::testing::SizeIs;

class FilesTest : public ::testing::Test {
 protected:
  FilesTest() { std::filesystem::create_directories(folder_); }
  ~FilesTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return absl::StrCat(folder_, "/", name); }
  std::string Write(const std::string& name, const std::string& text) const {
    auto writer = price_files::TextWriter::Open(Path(name)).value();
    FAIRWAY_EXPECT_OK(writer->Write(text));
    FAIRWAY_EXPECT_OK(writer->Close());
    return Path(name);
  }

  const std::string folder_ = absl::StrCat(::testing::TempDir(), "fairway-cli-", ::getpid());
};

TEST_F(FilesTest, ABatchIsNamedAfterTheBytesOfItsFile) {
  // printf 'one' | sha256sum
  EXPECT_THAT(BatchIdOfFile(Write("Acme Q1_2026.csv", "one")),
              IsOkAndHolds("acme-q1-2026-7692c3ad3540bb803c020b3a"));
  // Names that are alike, or say nothing in ASCII, do not make batches one.
  std::set<std::string> ids;
  for (const char* name :
       {"价格一月.csv", "价格二月.csv", "prices 2026.csv", "prices_2026.csv", "x.csv", ".csv"}) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::string id, BatchIdOfFile(Write(name, name)));
    FAIRWAY_EXPECT_OK(CheckBatchId(id)) << name;
    EXPECT_TRUE(ids.insert(id).second) << name;
    EXPECT_THAT(BatchIdOfFile(Path(name)), IsOkAndHolds(id)) << "again";
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::string before, BatchIdOfFile(Write("a.csv", "one")));
  EXPECT_THAT(BatchIdOfFile(Write("a.csv", "two")), IsOkAndHolds(Ne(before)));
}

TEST_F(FilesTest, WhatIsReadOnlyOnceHasNoNameOfItsOwn) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  for (const std::string& path : {std::string("-"), Path("pipe")}) {
    EXPECT_EQ(ExitCodeOf(BatchIdOfFile(path).status()), ExitCode::kUsage) << path;
    EXPECT_FALSE(CanBeReadAgain(path));
  }
  EXPECT_EQ(ExitCodeOf(BatchIdOfFile(Path("nothing")).status()), ExitCode::kFile);
}

TEST_F(FilesTest, ADirectoryIsNoFile) {
  for (const absl::Status& status :
       {price_files::FileByteSource::Open(folder_).status(), BatchIdOfFile(folder_).status()}) {
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kFile);
    EXPECT_EQ(status.message(), folder_ + ": it is a directory; a file is expected");
  }
}

TEST_F(FilesTest, AnErrorReportIsOfTheLastRun) {
  const auto text_of = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string prices = Write("prices.csv", "x");
  const std::string report = Write("report.csv", "of an earlier run");
  FAIRWAY_EXPECT_OK(ClearErrorReport(report, prices));
  EXPECT_EQ(text_of(report), "");
  FAIRWAY_EXPECT_OK(WriteEmptyErrorReport(report));
  EXPECT_EQ(text_of(report), "row_index,line,field,reason,value\n");
  EXPECT_EQ(ExitCodeOf(ClearErrorReport(prices, Path("./prices.csv"))), ExitCode::kUsage);
  EXPECT_EQ(text_of(prices), "x") << "what is to be uploaded stays";
  EXPECT_EQ(ExitCodeOf(ClearErrorReport(Path("nowhere/report.csv"), prices)), ExitCode::kFile);
  // Who reads a pipe would take the first end for the last.
  ASSERT_EQ(::mkfifo(Path("report").c_str(), 0600), 0);
  for (const std::string& no_file : {std::string(), std::string("-"), Path("report")}) {
    FAIRWAY_EXPECT_OK(ClearErrorReport(no_file, prices)) << no_file;
  }
}

}  // namespace
}  // namespace fairway::cli
