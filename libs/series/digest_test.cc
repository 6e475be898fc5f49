#include "libs/series/digest.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace fairway {
namespace {

struct Row {
  LaneLetters lane;
  int32_t day_number;
  Price price;
};

LaneLetters Letters(absl::string_view origin, absl::string_view destination) {
  return {*PortCode::Parse(origin), *PortCode::Parse(destination)};
}

ContentDigest DigestOf(const std::vector<Row>& rows) {
  ContentDigest digest;
  for (const Row& row : rows) digest.Add(row.lane, row.day_number, row.price);
  return digest;
}

std::vector<Row> SomeRows(std::mt19937_64& random) {
  const std::vector<LaneLetters> lanes = {Letters("CNSHA", "NLRTM"), Letters("NLRTM", "CNSHA"),
                                          Letters("SGSIN", "USLAX")};
  std::vector<Row> rows;
  for (int i = 0; i < 500; ++i) {
    rows.push_back({lanes[random() % lanes.size()], static_cast<int32_t>(18'000 + random() % 30),
                    static_cast<Price>(1 + random() % 5)});
  }
  return rows;
}

class DigestTest : public ::testing::Test {
 protected:
  const uint64_t seed_ = std::random_device()();
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, seed_};
  std::mt19937_64 random_{seed_};
  std::vector<Row> rows_ = SomeRows(random_);
};

TEST_F(DigestTest, DoesNotDependOnTheOrder) {
  const std::string expected = DigestOf(rows_).ToString();
  std::shuffle(rows_.begin(), rows_.end(), random_);
  EXPECT_EQ(DigestOf(rows_).ToString(), expected);
}

TEST_F(DigestTest, DoesNotDependOnTheSplit) {
  const auto cut = rows_.begin() + static_cast<ptrdiff_t>(random_() % rows_.size());
  ContentDigest digest = DigestOf({cut, rows_.end()});
  (void)digest.ToString();  // Changes nothing, wherever it is asked for.
  for (auto row = rows_.begin(); row != cut; ++row) {
    digest.Add(row->lane, row->day_number, row->price);
  }
  EXPECT_EQ(digest.ToString(), DigestOf(rows_).ToString());
  EXPECT_EQ(digest.row_count(), 500);
}

TEST_F(DigestTest, SeesEverySingleChange) {
  const std::string before = DigestOf(rows_).ToString();
  std::vector<Row> changed = rows_;
  changed[random_() % rows_.size()].price += 1;
  EXPECT_NE(DigestOf(changed).ToString(), before);
  changed = rows_;
  changed[random_() % rows_.size()].day_number += 1;
  EXPECT_NE(DigestOf(changed).ToString(), before);
  changed = rows_;
  changed[random_() % rows_.size()].lane = Letters("BEANR", "USLAX");
  EXPECT_NE(DigestOf(changed).ToString(), before);
}

TEST_F(DigestTest, CountsIdenticalRows) {
  const Row row = rows_.front();
  EXPECT_NE(DigestOf({row, row}).ToString(), DigestOf({}).ToString());
  EXPECT_NE(DigestOf({row, row, row}).ToString(), DigestOf({row}).ToString());
}

// Computed with another implementation (python3-xxhash); stored receipts depend on it.
TEST(DigestGoldenTest, NeverChanges) {
  EXPECT_EQ(ContentDigest().ToString(), "xxh3sum-00000000000000000000000000000000");
  const std::vector<Row> rows = {{Letters("CNGGZ", "EETLL"), 18'628, 1'244},
                                 {Letters("CNGGZ", "EETLL"), 18'628, 1'140},
                                 {Letters("NLRTM", "CNSHA"), 7'305, 10'000'000}};
  EXPECT_EQ(DigestOf(rows).ToString(), "xxh3sum-90a3fa2799b089e27afc5fa46348e748");
}

TEST(IsContentDigestTest, ChecksTheForm) {
  EXPECT_TRUE(IsContentDigest(ContentDigest().ToString()));
  for (absl::string_view text :
       {"", "xxh3sum-", "xxh3sum-0000000000000000000000000000000",
        "xxh3sum-000000000000000000000000000000000", "00000000000000000000000000000000",
        "xxh3sum-0000000000000000000000000000000G", "xxh3sum-0000000000000000000000000000000A",
        "sha256-00000000000000000000000000000000"}) {
    EXPECT_FALSE(IsContentDigest(text)) << text;
  }
}

}  // namespace
}  // namespace fairway
