#include "services/ingest/write_replies.h"

#include "gtest/gtest.h"

#include "libs/domain/day.h"

namespace fairway::ingest {
namespace {

Day DayOf(absl::string_view text) {
  Day day;
  EXPECT_TRUE(ReadIsoDay(text, day));
  return day;
}

TEST(WriteRepliesTest, EachFieldOfABatchIsThere) {
  BatchRecord batch = {.key = {"acme", "batch-1"},
                       .state = BatchState::kReverted,
                       .label = "a label",
                       .content = {.row_count = 11,
                                   .lane_count = 12,
                                   .days = DayRange{DayOf("2021-01-02"), DayOf("2021-03-04")},
                                   .digest = "a digest"},
                       .create_time = absl::FromUnixSeconds(13),
                       .commit_time = absl::FromUnixSeconds(14),
                       .committed_version = VersionId{.number = 15, .identity = 16},
                       .reverted_version = VersionId{17, 170},
                       .failure_reason = "REASON",
                       .failure_message = "a message",
                       .error_count = 18,
                       .bad_row_count = 19};
  batch.error_count_by_reason[static_cast<size_t>(RowErrorReason::kBadDate)] = 20;
  v1::Batch message;
  ToProto(batch, message);
  EXPECT_EQ(message.partner(), "acme");
  EXPECT_EQ(message.batch_id(), "batch-1");
  EXPECT_EQ(message.state(), v1::BATCH_STATE_REVERTED);
  EXPECT_EQ(message.label(), "a label");
  EXPECT_EQ(message.row_count(), 11);
  EXPECT_EQ(message.lane_count(), 12);
  EXPECT_EQ(message.first_date(), "2021-01-02");
  EXPECT_EQ(message.last_date(), "2021-03-04");
  EXPECT_EQ(message.digest(), "a digest");
  EXPECT_EQ(message.create_time().seconds(), 13);
  EXPECT_EQ(message.commit_time().seconds(), 14);
  EXPECT_EQ(message.committed_version(), 15);
  EXPECT_EQ(message.committed_version_id(), 16);
  EXPECT_EQ(message.reverted_version(), 17);
  EXPECT_EQ(message.reverted_version_id(), 170);
  EXPECT_EQ(message.failure_reason(), "REASON");
  EXPECT_EQ(message.failure_message(), "a message");
  EXPECT_EQ(message.error_count(), 18);
  EXPECT_EQ(message.bad_row_count(), 19);
  ASSERT_EQ(message.error_counts_size(), 1);
  EXPECT_EQ(message.error_counts(0).reason(), v1::ROW_ERROR_REASON_BAD_DATE);
  EXPECT_EQ(message.error_counts(0).count(), 20);
}

TEST(WriteRepliesTest, EachFieldOfAnImportIsThere) {
  v1::ImportLocationsResponse message;
  ToProto(LocationImport{.version = {.number = 1, .identity = 2},
                         .added_count = 3,
                         .changed_count = 4,
                         .unchanged_count = 5},
          message);
  EXPECT_EQ(message.dataset_version(), 1);
  EXPECT_EQ(message.dataset_version_id(), 2);
  EXPECT_EQ(message.added_count(), 3);
  EXPECT_EQ(message.changed_count(), 4);
  EXPECT_EQ(message.unchanged_count(), 5);
}

}  // namespace
}  // namespace fairway::ingest
