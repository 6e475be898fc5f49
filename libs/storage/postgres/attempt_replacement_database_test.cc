#include <future>
#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/testing/batch_store_fixture.h"
#include "tests/support/queries.h"

// What an attempt leaves to the one that replaces it, and who wins when both end at a time.
namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::QueryInt;

TEST_F(PostgresBatchStoreTest, TheRowErrorsOfAReplacedAttemptAreRemoved) {
  {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim failed, store_.Claim(key_, "", Soon()));
    FAIRWAY_ASSERT_OK(failed.writer->End(
        BatchState::kFailed, CancelledError(), {},
        {.error_count = 1,
         .bad_row_count = 1,
         .first_errors = {RowError{.row_index = 3, .field = "price", .value = "0"}}}));
  }
  const auto errors = [this] {
    return QueryInt(database_.options(), "SELECT count(*) FROM fairway.batch_errors");
  };
  EXPECT_EQ(errors(), 1);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim next, store_.Claim(key_, "", Soon()));
  EXPECT_EQ(errors(), 0);
}

TEST_F(PostgresBatchStoreTest, TheRowErrorsThatAreStoredAreCounted) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim failed, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(
      failed.writer->End(BatchState::kFailed, CancelledError(), {},
                         {.error_count = 7,
                          .bad_row_count = 5,
                          .first_errors = {RowError{.row_index = 3, .field = "price", .value = "0"},
                                           RowError{.row_index = 4, .field = "day"}}}));
  EXPECT_EQ(QueryInt(database_.options(), "SELECT stored_error_count FROM fairway.batches"), 2);
}

TEST_F(PostgresBatchStoreTest, RowErrorsAreListedInOrderHoweverTheyAreStored) {
  RowErrorSummary errors{.error_count = 5, .bad_row_count = 5};
  for (int i = 0; i < 5; ++i) {
    errors.first_errors.push_back({.row_index = 10 * i, .field = "price", .value = "0"});
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->End(BatchState::kFailed, CancelledError(), {}, errors));
  Execute(database_.options(),
          "CREATE TABLE moved AS TABLE fairway.batch_errors; DELETE FROM fairway.batch_errors;"
          "INSERT INTO fairway.batch_errors SELECT * FROM moved ORDER BY position DESC;"
          "ANALYZE fairway.batch_errors");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RowErrorPage page,
                               store_.ListErrors(key_, std::nullopt, 10, Soon()));
  EXPECT_EQ(page.errors, errors.first_errors);
}

// The sweep has changed the row and not yet committed when the writer wants to commit.
TEST_F(PostgresBatchStoreTest, ACommitWaitsForASweepThatEndsItsAttempt) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  const auto sweep = postgres::CopySession::Open(database_.options(), Soon()).value();
  FAIRWAY_ASSERT_OK(sweep->Execute("BEGIN; UPDATE fairway.batches SET state = 'EXPIRED'"));
  auto commit = std::async(std::launch::async,
                           [&] { return claim.writer->Commit(Content(), locations_).status(); });
  const absl::Time give_up = Soon();
  while (QueryInt(database_.options(),
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                  "AND wait_event_type = 'Lock'") == 0 &&
         absl::Now() < give_up) {
    std::this_thread::yield();
  }
  FAIRWAY_ASSERT_OK(sweep->Execute("COMMIT"));
  EXPECT_EQ(ReasonOf(commit.get()), reasons::kWriterFenced);
  EXPECT_EQ(State(), "EXPIRED");
  EXPECT_EQ(Version(), 0);
}

}  // namespace
}  // namespace fairway
