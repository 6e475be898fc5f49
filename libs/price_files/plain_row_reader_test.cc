#include "libs/price_files/plain_row_reader.h"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/price_files/csv_price_source.h"
#include "libs/price_files/testing/block_source.h"

namespace fairway::price_files {
namespace {

TEST(PlainRowReaderTest, ReadsWhatMostProgramsWrite) {
  PriceText price;
  ASSERT_TRUE(PlainRowReader(';').Read("CNSHA;north-europe;2021-01-31;001250", price));
  EXPECT_EQ(price.origin, "CNSHA");
  EXPECT_EQ(price.destination, "north-europe");
  EXPECT_EQ(price.day, "2021-01-31");
  EXPECT_EQ(price.price, 1'250);
  ASSERT_TRUE(PlainRowReader(',').Read("A,B,C,010000000", price));
  EXPECT_EQ(price.price, 10'000'000);
}

TEST(PlainRowReaderTest, LeavesEveryOtherRow) {
  for (const char* row : {"",
                          "A",
                          "A,B,C",
                          "A,B,C,",
                          ",B,C,1",
                          "A,,C,1",
                          "A,B,,1",
                          "A,B,C,1,",
                          "A,B,C,1,2",
                          "A;B;C;1",
                          " A,B,C,1",
                          "A ,B,C,1",
                          "A,B,C, 1",
                          "A,B,C,1 ",
                          "\"A\",B,C,1",
                          "A,B,C,\"1\"",
                          "A,B,C,-1",
                          "A,B,C,1.00",
                          "A,B,C,1e3",
                          "A,B,C,1234567890",
                          "A,B,C,10000001",
                          "A,B,C,0",
                          "A\xc3\xa4,B,C,1",
                          "A,B,C,1\r",
                          "A_,B,C,1",
                          "A,B,2021/01/31,1"}) {
    PriceText price;
    EXPECT_FALSE(PlainRowReader(',').Read(row, price)) << row;
    PlainRowReader reader(',');
    ASSERT_TRUE(reader.Read("A,B,C,1", price));
    EXPECT_FALSE(reader.Read(row, price)) << row << " after a row of the same fields";
  }
}

// A copy of a row that outlives it.
struct ReadRow {
  explicit ReadRow(const PriceText& row)
      : origin(row.origin),
        destination(row.destination),
        day(row.day),
        price(row.price),
        errors(row.errors) {}

  std::string origin;
  std::string destination;
  std::string day;
  int64_t price;
  std::vector<RowError> errors;
};

std::vector<ReadRow> ReadAll(const std::string& heading, const std::string& rows) {
  auto source = CsvPriceSource::Read(
      std::make_unique<BlockSource>(std::vector<std::string>{absl::StrCat(heading, "\n", rows)}));
  FAIRWAY_EXPECT_OK(source);
  std::vector<ReadRow> read;
  PriceText price;
  while (true) {
    const auto more = (*source)->Next(price);
    FAIRWAY_EXPECT_OK(more);
    if (!more.ok() || !*more) return read;
    read.emplace_back(price);
  }
}

// Rows that are plain, but for a character or two.
class AlmostPlain {
 public:
  explicit AlmostPlain(unsigned seed) : random_(seed) {}

  // Every other one has the fields of the row before.
  std::string Row() {
    if (fields_.empty() || Below(2) == 0) {
      fields_ = absl::StrJoin(
          {Text("AZaz09-", 5), Text("AZaz09-", 5), absl::StrCat("2021-01-", 10 + Below(20))}, ",");
    }
    std::string row = absl::StrCat(fields_, ",", Text("0123456789", 9));
    for (int i = Below(3); i > 0; --i) {
      row[static_cast<size_t>(Below(static_cast<int>(row.size())))] =
          " \t-_.,;\"\r\x1a\xc3"[Below(11)];
    }
    return row;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string Text(const std::string& characters, int size_max) {
    std::string text;
    for (int i = Below(size_max + 1); i >= 0; --i) {
      text.push_back(characters[static_cast<size_t>(Below(static_cast<int>(characters.size())))]);
    }
    return text;
  }

  std::mt19937 random_;
  std::string fields_;
};

TEST(PlainRowReaderTest, ReadsNothingOtherwiseThanTheSplitter) {
  AlmostPlain almost_plain(1);
  PlainRowReader reader(',');
  int plain = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string row = almost_plain.Row();
    PriceText read;
    if (!reader.Read(row, read)) continue;
    ++plain;
    // Rows of columns in another order are split.
    const std::vector<ReadRow> split = ReadAll("destination,origin,day,price", row + "\n");
    ASSERT_EQ(split.size(), 1) << row;
    EXPECT_EQ(read.origin, split[0].destination) << row;
    EXPECT_EQ(read.destination, split[0].origin) << row;
    EXPECT_EQ(read.day, split[0].day) << row;
    EXPECT_EQ(read.price, split[0].price) << row;
    EXPECT_TRUE(split[0].errors.empty()) << row;
  }
  EXPECT_GT(plain, 5'000);
  EXPECT_LT(plain, 15'000);
}

TEST(PlainRowReaderTest, OnlyRowsOfTheFourColumnsInTheirOrderAreReadSo) {
  const std::string row = "CNSHA,NLRTM,2021-01-31,1250\n";
  EXPECT_EQ(ReadAll("origin,destination,day,price,note", row)[0].origin, "CNSHA");
  EXPECT_EQ(ReadAll("destination,origin,day,price", row)[0].origin, "NLRTM");
  EXPECT_EQ(ReadAll("origin,destination,day,price", row)[0].origin, "CNSHA");
  EXPECT_EQ(ReadAll("note,origin,destination,day,price", "x," + row)[0].origin, "CNSHA");
}

// The errors of the row before are gone, and so are its texts.
TEST(PlainRowReaderTest, RowsOfBothKindsFollowEachOther) {
  const auto prices =
      ReadAll("origin,destination,day,price",
              "A,B,2021-01-31,1\nA,B,2021-01-31,x\nC,D,2021-01-30,2\n\"E\",F,x,3\n");
  ASSERT_EQ(prices.size(), 4);
  EXPECT_TRUE(prices[0].errors.empty());
  EXPECT_EQ(prices[1].errors.size(), 1);
  EXPECT_TRUE(prices[2].errors.empty());
  EXPECT_EQ(prices[2].origin, "C");
  EXPECT_EQ(prices[3].origin, "E");
  EXPECT_EQ(prices[3].price, 3);
}

// Rows of a lane and a day follow each other, and others that begin like them.
TEST(PlainRowReaderTest, TakesOfTheRowBeforeOnlyWhatIsTheSame) {
  PlainRowReader reader(',');
  PriceText price;
  const auto read = [&](absl::string_view row) {
    return reader.Read(row, price) ? absl::StrCat(price.origin, "|", price.destination, "|",
                                                  price.day, "|", price.price)
                                   : "another";
  };
  EXPECT_EQ(read("A,B,C,12"), "A|B|C|12");
  EXPECT_EQ(read("A,B,C,3"), "A|B|C|3");
  EXPECT_EQ(read("A,B,CC,4"), "A|B|CC|4");
  EXPECT_EQ(read("A,BB,C,5"), "A|BB|C|5");
  EXPECT_EQ(read("AA,B,C,6"), "AA|B|C|6");
  EXPECT_EQ(read("AA,B,C,6,7"), "another");
  EXPECT_EQ(read("A,\"B\",C,8"), "another");
  EXPECT_EQ(read("AA,B,C,9"), "AA|B|C|9");
}

}  // namespace
}  // namespace fairway::price_files
