#include "services/cli/transfer/progress.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fairway::cli {
namespace {

using ::testing::HasSubstr;

TEST(ProgressTest, ShowsRateAndTimeLeft) {
  EXPECT_EQ(FormatProgress(1'500'000, absl::Seconds(3), std::nullopt),
            "1,500,000 rows  500,000 rows/s");
  EXPECT_THAT(FormatProgress(100, absl::Seconds(10), 0.25),
              HasSubstr("[######..................] 25 %  ETA 30s"));
}

TEST(ProgressTest, TakesAnyTimeAndAnyPart) {
  EXPECT_EQ(FormatProgress(5, absl::ZeroDuration(), std::nullopt), "5 rows  5,000 rows/s");
  EXPECT_EQ(FormatProgress(5, absl::Seconds(1), 0), "5 rows  5 rows/s");
  EXPECT_THAT(FormatProgress(5, absl::Seconds(1), 1.5),
              HasSubstr("[########################] 100 %  ETA 0"));
}

}  // namespace
}  // namespace fairway::cli
