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
#include "services/cli/batch_name.h"
#include "services/cli/byte_source.h"
#include "services/cli/decoder.h"
#include "services/cli/error_report.h"
#include "services/cli/exit_code.h"
#include "services/cli/line_reader.h"
#include "services/cli/location_file.h"
#include "services/cli/price_source.h"
#include "services/cli/text_writer.h"

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
    auto writer = TextWriter::Open(Path(name)).value();
    FAIRWAY_EXPECT_OK(writer->Write(text));
    FAIRWAY_EXPECT_OK(writer->Close());
    return Path(name);
  }
  // Every line, and what the reader said at last.
  static absl::StatusOr<std::vector<std::string>> ReadLines(const std::string& path) {
    std::vector<std::string> lines;
    ASSIGN_OR_RETURN(const auto reader, LineReader::Open(path));
    while (true) {
      ASSIGN_OR_RETURN(const auto line, reader->Next());
      if (!line) return lines;
      lines.emplace_back(*line);
    }
  }
  static void Truncate(const std::string& path, uintmax_t bytes) {
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - bytes);
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
       {FileByteSource::Open(folder_).status(), BatchIdOfFile(folder_).status()}) {
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kFile);
    EXPECT_EQ(status.message(), folder_ + ": it is a directory; a file is expected");
  }
}

TEST_F(FilesTest, OnlyWhatIsNoFileMayBeCut) {
  EXPECT_FALSE(FileByteSource::Open(Write("a.csv", "x")).value()->may_be_cut());
  EXPECT_TRUE(FileByteSource::Open("/dev/null").value()->may_be_cut());
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

TEST_F(FilesTest, LinesSurviveEveryCompression) {
  std::vector<std::string> lines;
  for (int i = 0; i < 200'000; ++i) lines.push_back(absl::StrCat("line ", i));
  const std::string text = absl::StrJoin(lines, "\n") + "\n";
  for (const char* name : {"a.csv", "a.csv.gz", "a.csv.zst"}) {
    EXPECT_THAT(ReadLines(Write(name, text)), IsOkAndHolds(lines)) << name;
  }
  EXPECT_LT(std::filesystem::file_size(Path("a.csv.gz")), text.size() / 2);
  EXPECT_LT(std::filesystem::file_size(Path("a.csv.zst")), text.size() / 2);
}

// A loader whose memory followed would be killed by one such file.
TEST_F(FilesTest, AFileThatCompressesExtremelyWellIsDecodedBitByBit) {
  std::string text;
  for (int i = 0; i < 16'000; ++i) text.append(999, 'x').append("\n");
  for (const char* name : {"a.csv.gz", "a.csv.zst"}) {
    std::ifstream file(Write(name, text), std::ios::binary);
    const std::string stored(std::istreambuf_iterator<char>(file), {});
    ASSERT_LT(stored.size(), 128 * 1024);
    const auto decoder = Decoder::For(stored);
    absl::string_view rest = stored;
    std::string piece;
    size_t decoded = 0;
    while (!rest.empty() || decoder->HasMore()) {
      piece.clear();
      FAIRWAY_ASSERT_OK(decoder->Decode(rest, piece)) << name;
      ASSERT_LE(piece.size(), Decoder::kTextBytesMax) << name;
      decoded += piece.size();
    }
    EXPECT_EQ(decoded, text.size()) << name;
    EXPECT_TRUE(decoder->IsComplete()) << name;
    EXPECT_THAT(ReadLines(Path(name)), IsOkAndHolds(SizeIs(16'000))) << name;
  }
}

TEST_F(FilesTest, LinesEndAsPeoplesEditorsEndThem) {
  EXPECT_THAT(ReadLines(Write("a", "one\r\n\r\ntwo")), IsOkAndHolds(ElementsAre("one", "", "two")));
  EXPECT_THAT(ReadLines(Write("b", "")), IsOkAndHolds(ElementsAre()));
}

// What is left of it fills the decoder's room to the last byte.
TEST_F(FilesTest, TextMayEndWhereTheDecodersRoomEnds) {
  const std::string line(1023, 'x');
  const std::vector<std::string> lines(256, line);
  const std::string text = absl::StrJoin(lines, "\n") + "\n";
  for (const char* name : {"a.gz", "a.zst"}) {
    EXPECT_THAT(ReadLines(Write(name, text)), IsOkAndHolds(lines)) << name;
  }
}

TEST_F(FilesTest, DamagedFilesAreNotTakenForShortOnes) {
  for (const char* name : {"a.gz", "a.zst"}) {
    const std::string path = Write(name, std::string(100'000, 'x') + "\n");
    Truncate(path, 5);
    EXPECT_EQ(ExitCodeOf(ReadLines(path).status()), ExitCode::kFile) << name;
    std::ofstream(path, std::ios::binary | std::ios::app) << "garbage garbage garbage";
    EXPECT_EQ(ExitCodeOf(ReadLines(path).status()), ExitCode::kFile) << name;
  }
  EXPECT_EQ(ExitCodeOf(ReadLines(Path("nothing")).status()), ExitCode::kFile);
  EXPECT_EQ(ExitCodeOf(ReadLines(Write("long", std::string(3 << 20, 'x'))).status()),
            ExitCode::kFile);
  EXPECT_EQ(ExitCodeOf(TextWriter::Open("/nonexistent/folder/x").status()), ExitCode::kFile);
}

TEST_F(FilesTest, PricesKnowTheirLines) {
  auto source =
      CsvPriceSource::Open(Write("p", "origin,destination,day,price\nA,B,C,1\n\n\nD,E,F,2\n"))
          .value();
  PriceText price;
  EXPECT_THAT(source->Next(price), IsOkAndHolds(true));
  EXPECT_THAT(source->Next(price), IsOkAndHolds(true));
  EXPECT_EQ(price.origin + price.destination + price.day, "DEF");
  EXPECT_EQ(price.price, 2);
  EXPECT_THAT(source->Next(price), IsOkAndHolds(false));
  EXPECT_EQ(source->LineOfRow(0), 2);
  EXPECT_EQ(source->LineOfRow(1), 5);
  EXPECT_EQ(source->bytes_read(), *source->size());
}

TEST_F(FilesTest, LocationsAreRead) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const v1::ImportLocationsRequest request,
      ReadLocationFile(
          Write("l", "kind,code,name,parent\nregion,asia,Asia,\n\nport,CNSHA,\"Sh, ai\",asia\n")));
  EXPECT_EQ(request.regions(0).slug(), "asia");
  EXPECT_EQ(request.ports(0).name(), "Sh, ai");
  EXPECT_THAT(ReadLocationFile(Write("m", "kind,code,name,parent\nship,X,X,\n")).status().message(),
              HasSubstr("m:2"));
  EXPECT_EQ(ExitCodeOf(ReadLocationFile(Write("n", "code,name\n")).status()), ExitCode::kFile);
  const auto said = [&](const std::string& rows) {
    const std::string path = Write("o", "kind;code;name;parent\nregion;asia;Asia;\n" + rows);
    return std::string(ReadLocationFile(path).status().message());
  };
  EXPECT_THAT(said("port;DEHAM;K\xf6ln;asia\n"),
              HasSubstr("o:3: the name \"K\\xf6ln\" is not UTF-8"));
  EXPECT_THAT(said("port;DEHAM;Hamburg\n"), HasSubstr("o:3: it has fewer fields"));
  EXPECT_THAT(said("port;DEHAM;Ham;burg;asia\n"), HasSubstr("o:3: it has more fields"));
  EXPECT_THAT(ReadLocationFile(Write("x.csv", "PK\x03\x04")).status().message(),
              HasSubstr("zip archive"));
}

}  // namespace
}  // namespace fairway::cli
