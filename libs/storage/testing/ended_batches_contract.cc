#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/storage/testing/store_contract.h"

// What is kept of attempts that ended without a commit, and the bounds of lists.
namespace fairway::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const BatchKey kEnded = {"acme", "ended"};

// More was wrong than is kept.
RowErrorSummary SomeErrors() {
  RowErrorSummary errors{.error_count = 30, .bad_row_count = 20};
  errors.count_by_reason[static_cast<size_t>(RowErrorReason::kUnknownPort)] = 30;
  for (int i = 0; i < 2; ++i) {
    errors.first_errors.push_back(
        {i, "origin", RowErrorReason::kUnknownPort, absl::StrCat("P", i)});
  }
  return errors;
}

TEST_P(StoreContract, AnEndedAttemptKeepsWhatWasReceived) {
  FAIRWAY_ASSERT_OK(ClaimWriter(kEnded)->End(
      BatchState::kFailed, CancelledError(),
      {.row_count = 5, .lane_count = 3, .digest = "the-digest"}, SomeErrors()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches().Get(kEnded, Soon()));
  EXPECT_EQ(record.content.row_count, 5);
  EXPECT_EQ(record.content.lane_count, 3);
  EXPECT_EQ(record.content.digest, "the-digest");
  EXPECT_EQ(record.error_count, 30);
  EXPECT_EQ(record.bad_row_count, 20);
}

TEST_P(StoreContract, RowErrorsEndWithThoseThatAreKept) {
  FAIRWAY_ASSERT_OK(
      ClaimWriter(kEnded)->End(BatchState::kFailed, CancelledError(), {}, SomeErrors()));
  const auto list = [&](std::optional<int64_t> after, int limit) {
    const auto page = batches().ListErrors(kEnded, after, limit, Soon());
    FAIRWAY_EXPECT_OK(page);
    EXPECT_EQ(page->stored_error_count, 2);
    EXPECT_EQ(page->batch.error_count, 30);
    return *page;
  };
  for (const int limit : {2, 3}) {
    EXPECT_THAT(list(std::nullopt, limit).errors, SizeIs(2));
    EXPECT_EQ(list(std::nullopt, limit).next, std::nullopt) << limit;
  }
  const RowErrorPage first = list(std::nullopt, 1);
  EXPECT_THAT(first.errors, SizeIs(1));
  ASSERT_TRUE(first.next.has_value());
  const RowErrorPage second = list(first.next, 1);
  ASSERT_THAT(second.errors, SizeIs(1));
  EXPECT_EQ(second.errors[0].value, "P1");
  EXPECT_EQ(second.next, std::nullopt);
}

TEST_P(StoreContract, AnAttemptThatEndedInAnyWayIsReplaced) {
  ImportWorld();
  for (const BatchState state :
       {BatchState::kFailed, BatchState::kCancelled, BatchState::kExpired}) {
    const BatchKey key = {"acme", absl::StrCat("batch-", static_cast<int>(state))};
    FAIRWAY_ASSERT_OK(ClaimWriter(key)->End(state, CancelledError(), {}, SomeErrors()));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord ended, batches().Get(key, Soon()));
    EXPECT_EQ(ended.state, state);
    EXPECT_EQ(CommitBatch(key, {{"CNSHA", "NLRTM", "2021-01-01", 1}}).state,
              BatchState::kCommitted);
  }
}

TEST_P(StoreContract, ABatchThatWasTakenOutKeepsItsId) {
  ImportWorld();
  const BatchKey key = {"acme", "reverted"};
  CommitBatch(key, {{"CNSHA", "NLRTM", "2021-01-01", 1}});
  Revert(key);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim again, batches().Claim(key, "", Soon()));
  EXPECT_EQ(again.writer, nullptr);
  ASSERT_TRUE(again.settled.has_value());
  EXPECT_EQ(again.settled->state, BatchState::kReverted);
}

TEST_P(StoreContract, ABatchIsTakenOutOnce) {
  ImportWorld();
  const BatchKey key = {"acme", "a-mistake"};
  const BatchRecord committed = CommitBatch(key, TwoLanes());
  const VersionId reverted = Revert(key);
  EXPECT_EQ(reverted.number, committed.committed_version->number + 1);
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), IsEmpty());

  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchReversal again, batches().Revert(key, Soon()));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.batch.reverted_version, reverted);
  EXPECT_EQ(CommitPrice("next", 1).number, reverted.number + 1) << "that made no version";
}

TEST_P(StoreContract, OnlyACommittedBatchCanBeTakenOut) {
  ImportWorld();
  const BatchKey key = {"acme", "failed-1"};
  EXPECT_EQ(ReasonOf(batches().Revert(key, Soon()).status()), reasons::kBatchNotFound);
  const auto writer = ClaimWriter(key);
  EXPECT_EQ(ReasonOf(batches().Revert(key, Soon()).status()), reasons::kBatchNotCommitted);
  FAIRWAY_ASSERT_OK(writer->End(BatchState::kFailed, CancelledError(), {}, SomeErrors()));
  EXPECT_EQ(ReasonOf(batches().Revert(key, Soon()).status()), reasons::kBatchNotCommitted);
  EXPECT_EQ(CommitPrice("next", 1).number, 2) << "no version was made";
}

TEST_P(StoreContract, TimesOfCreationAreComparedToTheMicrosecond) {
  ClaimWriter(kEnded);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches().Get(kEnded, Soon()));
  const auto count = [&](const BatchFilter& filter) {
    const auto page = batches().List(filter, std::nullopt, 10, Soon());
    FAIRWAY_EXPECT_OK(page);
    return page->batches.size();
  };
  const absl::Time created = record.create_time;
  EXPECT_EQ(count({.created_from = created}), 1);
  EXPECT_EQ(count({.created_from = created + absl::Microseconds(1)}), 0);
  EXPECT_EQ(count({.created_before = created}), 0);
  EXPECT_EQ(count({.created_before = created + absl::Microseconds(1)}), 1);
}

TEST_P(StoreContract, AFullPageOfBatchesMayBeTheLast) {
  for (const char* const id : {"one1", "two2", "three"}) ClaimWriter({"acme", id});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchPage all, batches().List({}, std::nullopt, 3, Soon()));
  EXPECT_THAT(all.batches, SizeIs(3));
  EXPECT_EQ(all.next, std::nullopt);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchPage some, batches().List({}, std::nullopt, 2, Soon()));
  ASSERT_TRUE(some.next.has_value());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchPage rest, batches().List({}, some.next, 2, Soon()));
  ASSERT_THAT(rest.batches, SizeIs(1));
  EXPECT_EQ(rest.batches[0].key.batch_id, "one1");
  EXPECT_EQ(rest.next, std::nullopt);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchPage other,
                               batches().List({.partner = "other"}, std::nullopt, 2, Soon()));
  EXPECT_THAT(other.batches, IsEmpty());
}

}  // namespace
}  // namespace fairway::testing
