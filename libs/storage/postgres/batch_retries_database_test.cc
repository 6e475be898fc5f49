#include <future>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/testing/batch_store_fixture.h"
#include "tests/support/queries.h"

// What is tried again, how often, and for how long.
namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::QueryInt;
using ::fairway::testing::QueryText;

class BatchRetriesTest : public PostgresBatchStoreTest {
 protected:
  BatchClaim ClaimAndAppend(PostgresBatchStore& store, const BatchKey& key) {
    auto claim = store.Claim(key, "", Soon());
    FAIRWAY_EXPECT_OK(claim);
    FAIRWAY_EXPECT_OK(claim->writer->Append(Run()));
    return *std::move(claim);
  }
  // The first `count` statements that `event` names lose against another transaction.
  void FailFirst(int count, absl::string_view event) {
    Execute(database_.options(),
            absl::StrCat("DROP SEQUENCE IF EXISTS tries; CREATE SEQUENCE tries;"
                         "CREATE OR REPLACE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql "
                         "SECURITY DEFINER AS $$ BEGIN IF nextval('tries') <= ",
                         count,
                         " THEN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END IF; "
                         "RETURN new; END $$;"
                         "DROP TRIGGER IF EXISTS lose ON fairway.batches;"
                         "CREATE TRIGGER lose BEFORE ",
                         event, " ON fairway.batches FOR EACH ROW EXECUTE FUNCTION lose()"));
  }
  // A session of the pool that waits for a lock; 0 when there is none.
  int64_t WaitingSession() {
    return QueryInt(database_.options(),
                    "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE datname = "
                    "current_database() AND wait_event_type = 'Lock'");
  }
  std::unique_ptr<postgres::CopySession> HoldTheDataset() {
    auto holder = postgres::CopySession::Open(database_.options(), Soon()).value();
    FAIRWAY_EXPECT_OK(holder->Execute("BEGIN; SELECT 1 FROM fairway.dataset FOR UPDATE"));
    return holder;
  }
};

TEST_F(BatchRetriesTest, ConflictsAreTriedAgainFourTimes) {
  FailFirst(4, "INSERT");
  const BatchClaim claim = ClaimAndAppend(store_, key_);
  FailFirst(4, "UPDATE");
  FAIRWAY_EXPECT_OK(claim.writer->Commit(Content(), locations_));
  EXPECT_EQ(Version(), 1);

  const BatchKey other = {"acme", "batch-2"};
  FailFirst(5, "INSERT");
  EXPECT_EQ(ReasonOf(store_.Claim(other, "", Soon()).status()), reasons::kDatabaseUnavailable);
  const BatchClaim second = ClaimAndAppend(store_, other);
  FailFirst(5, "UPDATE");
  EXPECT_EQ(ReasonOf(second.writer->Commit(Content(), locations_).status()),
            reasons::kDatabaseUnavailable);
  EXPECT_EQ(Version(), 1);
}

TEST_F(BatchRetriesTest, ACommitIsTriedAgainAfterAPause) {
  const BatchClaim claim = ClaimAndAppend(store_with_bad_pool_, key_);
  proxy_.CutWhenClientSends("; COMMIT", testing::FaultProxy::Moment::kBeforeDelivery);
  const absl::Time start = absl::Now();
  FAIRWAY_EXPECT_OK(claim.writer->Commit(Content(), locations_));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(250));
}

TEST_F(BatchRetriesTest, ACommitWhoseStatementWasCancelledIsTriedAgain) {
  const BatchClaim claim = ClaimAndAppend(store_, key_);
  const auto holder = HoldTheDataset();
  auto commit = std::async(std::launch::async,
                           [&] { return claim.writer->Commit(Content(), locations_).status(); });
  EXPECT_TRUE(Eventually([&] { return WaitingSession() != 0; }));
  EXPECT_EQ(QueryText(database_.options(),
                      absl::StrCat("SELECT pg_cancel_backend(", WaitingSession(), ")")),
            "t");
  FAIRWAY_ASSERT_OK(holder->Execute("ROLLBACK"));
  FAIRWAY_EXPECT_OK(commit.get());
  EXPECT_EQ(Version(), 1);
}

// Where an attempt hangs the next one may find a server that does not.
TEST_F(BatchRetriesTest, AnAttemptToCommitEndsBeforeTheDeadline) {
  PostgresBatchStore store(&pool_, ingest_, {.commit_attempt_max = absl::Milliseconds(500)});
  const BatchClaim claim = ClaimAndAppend(store, key_);
  const auto holder = HoldTheDataset();
  auto commit = std::async(std::launch::async,
                           [&] { return claim.writer->Commit(Content(), locations_).status(); });
  EXPECT_TRUE(Eventually([&] { return WaitingSession() != 0; }));
  EXPECT_TRUE(Eventually([&] { return WaitingSession() == 0; }, Soon(absl::Seconds(30))));
  FAIRWAY_ASSERT_OK(holder->Execute("ROLLBACK"));
  FAIRWAY_EXPECT_OK(commit.get());
}

TEST_F(BatchRetriesTest, ACommitIsGivenUpAfterItsTime) {
  PostgresBatchStore store(&proxied_pool_, ingest_, {.commit_max = absl::Milliseconds(600)});
  const BatchClaim claim = ClaimAndAppend(store, key_);
  proxy_.Refuse();
  const absl::Time start = absl::Now();
  EXPECT_EQ(ReasonOf(claim.writer->Commit(Content(), locations_).status()),
            reasons::kDatabaseUnavailable);
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

}  // namespace
}  // namespace fairway
