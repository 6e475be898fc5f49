#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/storage/postgres/testing/foreign_rows_fixture.h"

// Of batches and the errors of their rows.
namespace fairway {
namespace {

using ForeignBatchesTest = ForeignRowsFixture;

TEST_F(ForeignBatchesTest, Batches) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("batches", absl::StrCat("UPDATE fairway.batches SET ", change), [&] {
      ExpectUnreadable(batches_.Get(kFailed, Soon()).status(), found);
      ExpectUnreadable(batches_.List({}, std::nullopt, 10, Soon()).status(), found);
      ExpectUnreadable(batches_.ListErrors(kFailed, std::nullopt, 10, Soon()).status(), found);
      ExpectUnreadable(batches_.Claim(kFailed, "", Soon()).status(), found);
      ExpectUnreadable(ReadCommits(), found);
    });
  };
  expect_unreadable("state = 'ARCHIVED'", "ARCHIVED");
  expect_unreadable("state = 'COMMITTED', committed_version = NULL", "without a committed");
  expect_unreadable("state = 'REVERTED', committed_version = id", "without a reverted");
  expect_unreadable("state = 'FAILED', committed_version = id", "FAILED with a committed");
  expect_unreadable("create_time = NULL", "null");
  expect_unreadable("create_time = 'infinity'", "");
  expect_unreadable("row_count = NULL", "null");
  expect_unreadable("first_day = '0001-01-01', last_day = '2021-01-01'", "days -719162 to");
  expect_unreadable("first_day = '2021-01-01', last_day = '5874897-12-31'", "18628 to 214");
  expect_unreadable("first_day = '2021-01-02', last_day = '2021-01-01'", "days 18629 to 18628");
  expect_unreadable("error_counts = '{1,NULL}'", "{1,NULL}");
  expect_unreadable("error_counts = '{{1},{2}}'", "{{1},{2}}");
  expect_unreadable("error_counts = NULL", "error counts");
  EXPECT_THAT(batches_.Get(kFailed, Soon()), testing::IsOk());
}

TEST_F(ForeignBatchesTest, ErrorsOfReasonsThatAreUnknownStillCount) {
  Sql("UPDATE fairway.batches SET error_counts = '{1,2,3,4,5,6,7,8,9,10,11}', error_count = 66 "
      "WHERE state = 'FAILED'");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches_.Get(kFailed, Soon()));
  EXPECT_EQ(record.error_count, 66);
  EXPECT_EQ(record.error_count_by_reason[kRowErrorReasonCount - 1], kRowErrorReasonCount);
}

TEST_F(ForeignBatchesTest, RowErrors) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("batch_errors", absl::StrCat("UPDATE fairway.batch_errors SET ", change), [&] {
      ExpectUnreadable(batches_.ListErrors(kFailed, std::nullopt, 10, Soon()).status(), found);
      EXPECT_THAT(batches_.Get(kFailed, Soon()), testing::IsOk());
    });
  };
  expect_unreadable("reason = 'NOT_INVENTED_YET'", "NOT_INVENTED_YET");
  expect_unreadable("reason = ''", "the reason ,");
  expect_unreadable("row_index = NULL", "null");
}

TEST_F(ForeignBatchesTest, ACommitWithoutADatasetRow) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, batches_.Claim(kFailed, "", Soon()));
  const VersionId locations = (*locations_.ReadTree(Soon()))->version();
  Sql("DELETE FROM fairway.dataset");
  ExpectUnreadable(claim.writer->Commit({}, locations).status(), "0 rows instead of one");
}

}  // namespace
}  // namespace fairway
