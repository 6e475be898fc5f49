#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/price_files/line_reader.h"
#include "libs/price_files/testing/block_source.h"
#include "libs/price_files/testing/compress.h"

namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Lines = std::vector<std::string>;

absl::StatusOr<Lines> LinesOf(const std::string& bytes, size_t block_bytes = 1 << 20) {
  LineReader reader(std::make_unique<BlockSource>(bytes, block_bytes));
  Lines lines;
  while (true) {
    ASSIGN_OR_RETURN(const auto line, reader.Next());
    if (!line) return lines;
    lines.emplace_back(*line);
  }
}

const std::string kZeros(1000, '\0');

// Like `gzip -dc` and `zstd -dc`.
TEST(DecoderTest, ReadsMembersSkippableFramesAndPadding) {
  const std::string skipped = SkippableFrame("size of what follows");
  for (const std::string& file :
       {Gzip("one\n") + Gzip("two\n"), Gzip("one\ntw") + Gzip("") + Gzip("o\n") + kZeros,
        Gzip("one\n") + kZeros + Gzip("two\n"), Zstd("one\n") + Zstd("two\n"),
        skipped + Zstd("one\n") + skipped + Zstd("two\n") + skipped,
        SkippableFrame("") + skipped + Zstd("one\ntwo\n"), Zstd("one\ntw") + Zstd("") + Zstd("o"),
        Zstd("one\ntwo\n") + kZeros, Zstd("one\n") + ZstdWithWindow("two", 17)}) {
    for (const size_t block_bytes : {size_t{1}, size_t{3}, size_t{7}, file.size()}) {
      EXPECT_THAT(LinesOf(file, block_bytes), IsOkAndHolds(ElementsAre("one", "two")))
          << absl::CHexEscape(file) << " in blocks of " << block_bytes;
    }
  }
}

TEST(DecoderTest, BoundsTheWindow) {
  EXPECT_THAT(LinesOf(ZstdWithWindow("one\n", Decoder::kWindowLogMax)),
              IsOkAndHolds(ElementsAre("one")));
  EXPECT_THAT(
      LinesOf(ZstdWithWindow("one\n", Decoder::kWindowLogMax + 1)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("needs a window above 128 MiB")));
}

TEST(DecoderTest, RefusesOtherBytesBehindTheData) {
  for (const std::string& file : {Gzip("one\n") + "two\n", Gzip("one\n") + kZeros + "\x02",
                                  Zstd("one\n") + "two\n", Zstd("one\n") + kZeros + "two\n"}) {
    EXPECT_THAT(LinesOf(file), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("uncompressed bytes follow")));
  }
}

TEST(DecoderTest, RefusesEveryPrefix) {
  const std::string skipped = SkippableFrame("four");
  struct File {
    std::string first;
    std::string second;
  };
  for (const File& file : {File{Gzip("one\n"), Gzip("two\n")}, File{Zstd("one\n"), Zstd("two\n")},
                           File{Zstd("one\n"), skipped}, File{Gzip("one\n"), "\x1f\x8b\x08"}}) {
    const std::string all = file.first + file.second;
    for (size_t size = 4; size < all.size(); ++size) {
      if (size == file.first.size()) continue;
      EXPECT_THAT(LinesOf(all.substr(0, size)),
                  StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cut off")))
          << size << " of " << all.size();
    }
  }
}

TEST(DecoderTest, DetectsEveryFlippedBit) {
  const std::string text = "origin,destination,day,price\nCNSHA,NLRTM,2026-03-01,1250\n";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const Lines lines, LinesOf(text));
  for (const std::string& file : {Gzip(text), Zstd(text)}) {
    for (size_t bit = 32; bit < file.size() * 8; ++bit) {
      std::string damaged = file;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      // Some bits of the header do not affect the content: those of the time, for example.
      const absl::StatusOr<Lines> read = LinesOf(damaged);
      EXPECT_TRUE(!read.ok() || *read == lines) << bit;
    }
  }
}

}  // namespace
}  // namespace fairway::price_files
