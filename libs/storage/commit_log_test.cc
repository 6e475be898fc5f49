#include "libs/storage/commit_log.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"

namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::StatusIs;

// As they are stored.
TEST(CommitKindTest, NamesAreParsedBack) {
  EXPECT_EQ(CommitKindName(CommitKind::kCommit), "COMMIT");
  EXPECT_EQ(CommitKindName(CommitKind::kRevert), "REVERT");
  EXPECT_EQ(CommitKindName(CommitKind::kLocations), "LOCATIONS");
  for (const CommitKind kind : {CommitKind::kCommit, CommitKind::kRevert, CommitKind::kLocations}) {
    EXPECT_THAT(ParseCommitKind(CommitKindName(kind)), IsOkAndHolds(kind));
  }
}

TEST(CommitKindTest, AnUnknownNameIsAnErrorThatQuotesIt) {
  for (const absl::string_view name : {"", "PURGE", "commit"}) {
    EXPECT_THAT(ParseCommitKind(name),
                StatusIs(absl::StatusCode::kDataLoss, ::testing::HasSubstr(std::string(name))));
  }
}

}  // namespace
}  // namespace fairway
