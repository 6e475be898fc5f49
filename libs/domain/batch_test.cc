#include "libs/domain/batch.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

TEST(BatchStateTest, NamesAreParsedBack) {
  for (const BatchState state :
       {BatchState::kReceiving, BatchState::kCommitted, BatchState::kReverted, BatchState::kFailed,
        BatchState::kCancelled, BatchState::kExpired}) {
    EXPECT_THAT(ParseBatchState(BatchStateName(state)), IsOkAndHolds(state));
  }
}

TEST(BatchStateTest, AnUnknownNameIsAnErrorThatQuotesIt) {
  for (const absl::string_view name : {"", "ARCHIVED", "committed"}) {
    EXPECT_THAT(ParseBatchState(name),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr(std::string(name))));
  }
}

TEST(IsVisibleTest, FromItsCommitUntilBeforeItsRevert) {
  BatchRecord batch;
  EXPECT_FALSE(IsVisible(batch, 5));
  batch.committed_version = VersionId{.number = 5};
  EXPECT_FALSE(IsVisible(batch, 4));
  EXPECT_TRUE(IsVisible(batch, 5));
  EXPECT_TRUE(IsVisible(batch, 100));
  batch.reverted_version = VersionId{8, 80};
  EXPECT_TRUE(IsVisible(batch, 7));
  EXPECT_FALSE(IsVisible(batch, 8));
}

}  // namespace
}  // namespace fairway
