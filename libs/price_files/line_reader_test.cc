#include "libs/price_files/line_reader.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/price_files/decoder.h"
#include "libs/price_files/file_error.h"
#include "libs/price_files/testing/block_source.h"
#include "libs/price_files/testing/temp_folder.h"

namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::SizeIs;

absl::StatusOr<std::vector<std::string>> ReadLines(const std::string& path) {
  std::vector<std::string> lines;
  ASSIGN_OR_RETURN(const auto reader, LineReader::Open(path));
  while (true) {
    ASSIGN_OR_RETURN(const auto line, reader->Next());
    if (!line) return lines;
    lines.emplace_back(*line);
  }
}

void Truncate(const std::string& path, uintmax_t bytes) {
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - bytes);
}

TEST(LineReaderTest, BlocksMayEndAnywhere) {
  const std::string row(200, 'x');
  std::string block;
  for (int i = 0; i < 5'000; ++i) absl::StrAppend(&block, row, "\n");
  LineReader reader(
      std::make_unique<BlockSource>(std::vector<std::string>{"a", "b\r", "\nc\n", block, "end"}));
  EXPECT_EQ(**reader.Next(), "ab");
  EXPECT_EQ(**reader.Next(), "c");
  for (int i = 0; i < 5'000; ++i) ASSERT_EQ(**reader.Next(), row);
  EXPECT_EQ(**reader.Next(), "end");
  EXPECT_THAT(reader.Next(), IsOkAndHolds(std::nullopt));
  EXPECT_EQ(reader.bytes_read(), 9 + static_cast<int64_t>(block.size()));
}

TEST(LineReaderTest, ReadsEveryCompression) {
  const TempFolder folder;
  std::vector<std::string> lines;
  for (int i = 0; i < 200'000; ++i) lines.push_back(absl::StrCat("line ", i));
  const std::string text = absl::StrJoin(lines, "\n") + "\n";
  for (const char* name : {"a.csv", "a.csv.gz", "a.csv.zst"}) {
    EXPECT_THAT(ReadLines(folder.Write(name, text)), IsOkAndHolds(lines)) << name;
  }
  EXPECT_LT(std::filesystem::file_size(folder.Path("a.csv.gz")), text.size() / 2);
  EXPECT_LT(std::filesystem::file_size(folder.Path("a.csv.zst")), text.size() / 2);
}

// Otherwise one such file could exhaust the memory.
TEST(LineReaderTest, DecodesHighlyCompressedFilesInSmallPieces) {
  const TempFolder folder;
  std::string text;
  for (int i = 0; i < 16'000; ++i) text.append(999, 'x').append("\n");
  for (const char* name : {"a.csv.gz", "a.csv.zst"}) {
    std::ifstream file(folder.Write(name, text), std::ios::binary);
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
    EXPECT_THAT(ReadLines(folder.Path(name)), IsOkAndHolds(SizeIs(16'000))) << name;
  }
}

TEST(LineReaderTest, AcceptsBothLineEnds) {
  const TempFolder folder;
  EXPECT_THAT(ReadLines(folder.Write("a", "one\r\n\r\ntwo")),
              IsOkAndHolds(ElementsAre("one", "", "two")));
  EXPECT_THAT(ReadLines(folder.Write("b", "")), IsOkAndHolds(ElementsAre()));
}

// The last piece fills the buffer to the last byte.
TEST(LineReaderTest, TextMayEndWhereTheDecodersBufferEnds) {
  const TempFolder folder;
  const std::string line(1023, 'x');
  const std::vector<std::string> lines(256, line);
  const std::string text = absl::StrJoin(lines, "\n") + "\n";
  for (const char* name : {"a.gz", "a.zst"}) {
    EXPECT_THAT(ReadLines(folder.Write(name, text)), IsOkAndHolds(lines)) << name;
  }
}

TEST(LineReaderTest, RefusesDamagedFiles) {
  const TempFolder folder;
  for (const char* name : {"a.gz", "a.zst"}) {
    const std::string path = folder.Write(name, std::string(100'000, 'x') + "\n");
    Truncate(path, 5);
    EXPECT_EQ(ReasonOf(ReadLines(path).status()), kContentReason) << name;
    std::ofstream(path, std::ios::binary | std::ios::app) << "garbage garbage garbage";
    EXPECT_EQ(ReasonOf(ReadLines(path).status()), kContentReason) << name;
  }
  EXPECT_EQ(ReasonOf(ReadLines(folder.Path("nothing")).status()), kFileReason);
  EXPECT_EQ(ReasonOf(ReadLines(folder.Write("long", std::string(3 << 20, 'x'))).status()),
            kContentReason);
  EXPECT_EQ(ReasonOf(TextWriter::Open("/nonexistent/folder/x").status()), kFileReason);
}

TEST(LineReaderTest, ALineHasABoundWhereverItStands) {
  const auto read = [](size_t before, size_t size, absl::string_view line_end = "\n") {
    const std::string text =
        absl::StrCat(std::string(before, 'a'), "\n", std::string(size, 'x'), line_end);
    LineReader reader(std::make_unique<BlockSource>(text, 1'000));
    EXPECT_EQ(reader.Next().value()->size(), before);
    const auto line = reader.Next();
    return line.ok() ? "" : std::string(line.status().message());
  };
  constexpr size_t kMost = LineReader::kLineBytesMax;
  EXPECT_EQ(read(1'000'000, kMost), "");
  EXPECT_EQ(read(500, kMost), "");
  EXPECT_EQ(read(500, kMost, ""), "");
  for (const size_t beyond : {1, 700, 300'000}) {
    for (const char* const line_end : {"\n", ""}) {
      EXPECT_THAT(read(500, kMost + beyond, line_end),
                  ::testing::HasSubstr("a.csv:2: the line is longer than 1 MiB"));
    }
  }
}

}  // namespace
}  // namespace fairway::price_files
