#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/claim_lock.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/testing/attempt_fixture.h"

// What becomes of attempts that did not end well, or not at all.
namespace fairway {
namespace {

using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::QueryInt;
using ::testing::HasSubstr;

const BatchKey kKey = {"acme", "batch-1"};

using AttemptSweepTest = AttemptFixture;

// The COMMIT of the prices is under way, held up by a trigger, when the attempt is given up.
TEST_F(AttemptSweepTest, PricesThatAreStoredAfterTheEndAreRemoved) {
  Sql("CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "  PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON fairway.price_series "
      "  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto holder,
                               postgres::CopySession::Open(database_.options(), Soon()));
  FAIRWAY_ASSERT_OK(holder->Execute("SELECT pg_advisory_lock(42)"));
  BatchClaim claim = Claim(kKey, absl::Now() + absl::Seconds(2));
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  EXPECT_THAT(claim.writer->Commit(Content(), locations_), ::testing::Not(testing::IsOk()));
  FAIRWAY_ASSERT_OK(claim.writer->End(BatchState::kFailed, DeadlineExceededError(), Content(), {}));
  EXPECT_EQ(Count("fairway.price_series"), 0);
  FAIRWAY_ASSERT_OK(holder->Execute("SELECT pg_advisory_unlock(42)"));
  while (Count("fairway.price_series") == 0) std::this_thread::yield();
  claim.writer.reset();

  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.price_series"), 3) << "it is not time yet";
  Sql("UPDATE fairway.ended_attempts SET look_time = now()");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.price_series"), 0);
  EXPECT_EQ(StateOf(kKey), "FAILED");
}

TEST_F(AttemptSweepTest, LooksAgainLessAndLessOftenAndThenNoMore) {
  Fail(kKey);
  const auto seconds_to_next_look = [this] {
    return QueryInt(
        database_.options(),
        "SELECT extract(epoch FROM look_time - now())::int FROM fairway.ended_attempts");
  };
  EXPECT_NEAR(seconds_to_next_look(), 60, 30);
  Sql("UPDATE fairway.ended_attempts SET look_time = now(), end_time = now() - interval '1 hour'");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_NEAR(seconds_to_next_look(), 3600, 60);
  Sql("UPDATE fairway.ended_attempts SET look_time = now(), end_time = now() - interval '25 "
      "hours'");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.ended_attempts"), 0);
}

TEST_F(AttemptSweepTest, NeverTakesPricesOfACommittedBatch) {
  const BatchClaim claim = Claim(kKey);
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  FAIRWAY_ASSERT_OK(claim.writer->Commit(Content(), locations_));
  // As no release writes it.
  Sql("INSERT INTO fairway.ended_attempts SELECT id, now(), now() FROM fairway.batches");
  Sql("UPDATE fairway.batches SET create_time = now() - interval '1 year'");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.price_series"), 3);
  EXPECT_EQ(StateOf(kKey), "COMMITTED");
}

TEST_F(AttemptSweepTest, GoesOnBehindAnAttemptThatCannotBeEnded) {
  const BatchKey other = {"acme", "batch-2"};
  Abandon(kKey);
  Abandon(other);
  Sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "  RAISE EXCEPTION 'not this one'; END $$;"
      "CREATE TRIGGER refuse BEFORE UPDATE ON fairway.batches FOR EACH ROW "
      "  WHEN (old.batch_id = 'batch-1') EXECUTE FUNCTION refuse()");
  const absl::Status status = store_.SweepInterrupted(Soon()).status();
  EXPECT_THAT(CauseOf(status), HasSubstr("not this one"));
  EXPECT_EQ(StateOf(kKey), "RECEIVING");
  EXPECT_EQ(StateOf(other), "FAILED");
  Sql("DROP TRIGGER refuse ON fairway.batches");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(1));
}

TEST_F(AttemptSweepTest, LeavesNoLock) {
  Abandon(kKey);
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(1));
  EXPECT_EQ(Locks(), 0);
  PostgresBatchStore other(&pool_, ingest_);
  FAIRWAY_EXPECT_OK(other.Claim(kKey, "", Soon()));
}

TEST_F(AttemptSweepTest, ManyMaySweepAtATime) {
  constexpr int kAttempts = 6;
  for (int i = 0; i < kAttempts; ++i) {
    Abandon({"acme", absl::StrCat("batch-", i)});
    Fail({"acme", absl::StrCat("failed-", i)});
  }
  Sql("UPDATE fairway.ended_attempts SET look_time = now()");
  Sql("UPDATE fairway.batches SET create_time = now() - interval '31 days' WHERE state = 'FAILED'");
  std::vector<std::future<absl::StatusOr<int>>> sweeps;
  for (int i = 0; i < 3; ++i) {
    sweeps.push_back(
        std::async(std::launch::async, [this] { return store_.SweepInterrupted(Soon()); }));
  }
  int swept = 0;
  for (auto& sweep : sweeps) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const int some, sweep.get());
    swept += some;
  }
  EXPECT_EQ(swept, kAttempts);
  EXPECT_EQ(Count("fairway.batches WHERE batch_id LIKE 'failed-%'"), 0);
}

// Its task holds the lock still, but has not moved for a day.
TEST_F(AttemptSweepTest, AnAttemptExpiresAfterADay) {
  const BatchClaim claim = Claim(kKey);
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  Sql("UPDATE fairway.batches SET create_time = now() - interval '23 hours'");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0)) << "it lives";
  Sql("UPDATE fairway.batches SET create_time = now() - interval '25 hours'");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(1));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, store_.Get(kKey, Soon()));
  EXPECT_EQ(record.state, BatchState::kExpired);
  EXPECT_EQ(record.failure_reason, reasons::kBatchExpired);
  EXPECT_EQ(ReasonOf(claim.writer->Commit(Content(), locations_).status()), reasons::kWriterFenced);
  Sql("UPDATE fairway.ended_attempts SET look_time = now()");
  EXPECT_THAT(store_.SweepInterrupted(Soon()), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.price_series"), 0) << "what T1 stored after that";
}

// What End must not touch.
TEST_F(AttemptSweepTest, AnEndComesTooLateAfterACommitAndAfterASweep) {
  const BatchClaim committed = Claim(kKey);
  FAIRWAY_ASSERT_OK(committed.writer->Append(Run()));
  FAIRWAY_ASSERT_OK(committed.writer->Commit(Content(), locations_));
  FAIRWAY_EXPECT_OK(committed.writer->End(BatchState::kFailed, CancelledError(), {}, OneError()));
  EXPECT_EQ(StateOf(kKey), "COMMITTED");
  EXPECT_EQ(Count("fairway.price_series"), 3);
  EXPECT_EQ(Count("fairway.batch_errors"), 0);

  const BatchKey swept = {"acme", "batch-2"};
  const BatchClaim claim = Claim(swept);
  Sql("UPDATE fairway.batches SET state = 'EXPIRED' WHERE batch_id = 'batch-2'");
  FAIRWAY_EXPECT_OK(claim.writer->End(BatchState::kFailed, CancelledError(), {}, OneError()));
  EXPECT_EQ(StateOf(swept), "EXPIRED");
  EXPECT_EQ(Count("fairway.batch_errors"), 0);
}

// The first look at the batch says that it failed; it is committed while the lock is waited for.
TEST_F(AttemptSweepTest, ABatchCommittedMeanwhileIsNotReplaced) {
  Fail(kKey);
  Sql("INSERT INTO fairway.price_series SELECT id, 1, 2, 0, 1, '{2021-01-01}', '{7}' "
      "FROM fairway.batches");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(auto holder,
                               postgres::CopySession::Open(database_.options(), Soon()));
  FAIRWAY_ASSERT_OK(
      holder->Execute(absl::StrCat("SELECT pg_advisory_lock(", ClaimLock(kKey), ")")));
  auto claim = std::async(std::launch::async, [&] { return store_.Claim(kKey, "", Soon()); });
  while (Count("pg_locks WHERE NOT granted") == 0) std::this_thread::yield();
  Sql("UPDATE fairway.batches SET state = 'COMMITTED', committed_version = 1, commit_time = now(), "
      "row_count = 1; UPDATE fairway.dataset SET version = 1");
  holder.reset();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claimed, claim.get());
  ASSERT_TRUE(claimed.settled.has_value());
  EXPECT_EQ(claimed.settled->state, BatchState::kCommitted);
  EXPECT_EQ(StateOf(kKey), "COMMITTED");
  EXPECT_EQ(Count("fairway.price_series"), 1);
}

}  // namespace
}  // namespace fairway
