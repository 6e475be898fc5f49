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

}  // namespace
}  // namespace fairway::cli
