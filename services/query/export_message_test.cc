#include <chrono>
#include <limits>
#include <string>

#include "fairway/v1/rate_query_service.pb.h"
#include "gtest/gtest.h"

#include "libs/domain/limits.h"
#include "services/query/export_cursor.h"
#include "services/query/testing/small_world.h"
#include "services/query/write_rates.h"

// How much a message of an export holds.
namespace fairway::query {
namespace {

constexpr VersionId kLongestVersion = {std::numeric_limits<int64_t>::max(), ~0ULL};

// So many days, each of which takes 16 bytes, or 27 with an average.
LaneAnswer AnswerOf(int days, bool is_published = false) {
  LaneAnswer answer{.min_price_count = 1};
  const Day first = std::chrono::year(2021) / 1 / 1;
  for (int i = 0; i < days; ++i) {
    answer.rates.days.push_back(
        {first + std::chrono::days(i % 365), is_published ? 1 : 0, is_published ? 100 : 0});
  }
  return answer;
}

class ExportMessageTest : public ::testing::Test {
 protected:
  bool Add(const LaneAnswer& answer) { return message_.Add(lane_, answer); }
  grpc::Slice Finish() const {
    return message_.Finish(kLongestVersion, std::string(kResumeTokenBytesMax, 't'));
  }
  v1::ExportDailyRatesResponse Read() const {
    const grpc::Slice bytes = Finish();
    v1::ExportDailyRatesResponse message;
    EXPECT_TRUE(message.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size())));
    EXPECT_EQ(message.dataset_version(), kLongestVersion.number);
    EXPECT_EQ(message.dataset_version_id(), kLongestVersion.identity);
    EXPECT_EQ(message.resume_token().size(), kResumeTokenBytesMax);
    return message;
  }

  const NamedLane lane_ = MakeLane("CNSHA", "NLRTM");
  ExportMessage message_;
};

TEST_F(ExportMessageTest, IsFilledToItsBoundAndNotBeyond) {
  int days = 0;
  for (const int size : {1'000, 100, 10, 1, 0}) {
    while (Add(AnswerOf(size))) days += size;
  }
  EXPECT_LE(Finish().size(), limits::kExportMessageBytes);
  EXPECT_GT(Finish().size(), limits::kExportMessageBytes - 20) << "less than an empty lane";
  int read = 0;
  const v1::ExportDailyRatesResponse message = Read();
  for (const v1::LaneRates& lane : message.lanes()) read += lane.rates_size();
  EXPECT_EQ(read, days);
}

// Where a lane fits to the byte it is in, and where it is a byte too long it is not.
TEST_F(ExportMessageTest, TheLastByteIsUsed) {
  const std::string longest_slug(limits::kRegionSlugLengthMax, 'x');
  const auto lane = [&](size_t origin, size_t destination) {
    return MakeLane(longest_slug.substr(0, origin), longest_slug.substr(0, destination));
  };
  ASSERT_TRUE(Add(AnswerOf(100)));
  while (Finish().size() < limits::kExportMessageBytes - 2'000) ASSERT_TRUE(Add(AnswerOf(100)));
  // Lanes without a day take 8 bytes and those of their names.
  size_t left = limits::kExportMessageBytes - Finish().size();
  const auto fill = [&](size_t bytes) {
    ASSERT_TRUE(message_.Add(lane((bytes - 8) / 2, (bytes - 7) / 2), AnswerOf(0)));
    left -= bytes;
    ASSERT_EQ(Finish().size(), limits::kExportMessageBytes - left);
  };
  while (left > 160) fill(60);
  fill(left - 80);
  ASSERT_FALSE(message_.Add(lane((left - 7) / 2, (left - 6) / 2), AnswerOf(0)));
  fill(left);
  EXPECT_EQ(Finish().size(), limits::kExportMessageBytes);
}

TEST_F(ExportMessageTest, LanesWithFewPricesFillItAsOthersDo) {
  ExportMessage full;
  while (full.Add(lane_, AnswerOf(31, true))) continue;
  while (Add(AnswerOf(31))) continue;
  const v1::ExportDailyRatesResponse sparse = Read();
  EXPECT_GT(sparse.ByteSizeLong(), limits::kExportMessageBytes - 600);
  v1::ExportDailyRatesResponse dense;
  const grpc::Slice bytes = full.Finish({}, "");
  ASSERT_TRUE(dense.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size())));
  EXPECT_GT(dense.ByteSizeLong(), limits::kExportMessageBytes - 1'200);
  EXPECT_GT(sparse.lanes_size(), dense.lanes_size() * 3 / 2);
}

TEST_F(ExportMessageTest, ALaneBeyondTheBoundGoesAlone) {
  const LaneAnswer large = AnswerOf(20'000);
  ASSERT_TRUE(Add(large));
  EXPECT_FALSE(Add(AnswerOf(0)));
  EXPECT_GT(Finish().size(), limits::kExportMessageBytes);
  const v1::ExportDailyRatesResponse alone = Read();
  ASSERT_EQ(alone.lanes_size(), 1);
  EXPECT_EQ(alone.lanes(0).rates_size(), 20'000);
  ExportMessage other;
  ASSERT_TRUE(other.Add(lane_, AnswerOf(1)));
  EXPECT_FALSE(other.Add(lane_, large));
  EXPECT_LT(other.Finish({}, "").size(), 200);
}

}  // namespace
}  // namespace fairway::query
