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
#include "libs/storage/postgres/claim_lock.h"
#include "libs/storage/postgres/testing/batch_store_fixture.h"
#include "tests/support/queries.h"

// What a claim waits for, and for how long.
namespace fairway {
namespace {

using ::fairway::testing::QueryInt;

class BatchClaimTest : public PostgresBatchStoreTest {
 protected:
  static std::string Lock(const BatchKey& key) {
    return absl::StrCat("SELECT pg_advisory_lock(", ClaimLock(key), ")");
  }
  bool SomebodyWaits() {
    return QueryInt(database_.options(), "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0;
  }
  void EndAttempt() {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim(key_, "", Soon()));
    FAIRWAY_ASSERT_OK(claim.writer->End(BatchState::kCancelled, CancelledError(), {}, {}));
  }
};

TEST_F(BatchClaimTest, TheAttemptHasItsOwnTimeAfterAWaitForTheLock) {
  PostgresBatchStore store(&pool_, ingest_,
                           {.lock_wait_max = absl::Seconds(2), .answer_max = absl::ZeroDuration()});
  // So that something has to be waited for.
  testing::Execute(database_.options(),
                   "CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   "  PERFORM pg_sleep(0.1); RETURN NULL; END $$;"
                   "CREATE TRIGGER rest BEFORE INSERT ON fairway.price_series "
                   "  FOR EACH STATEMENT EXECUTE FUNCTION rest()");
  EndAttempt();
  auto holder = postgres::CopySession::Open(database_.options(), Soon()).value();
  FAIRWAY_ASSERT_OK(holder->Execute(Lock(key_)));
  auto claiming = std::async(std::launch::async, [&] { return store.Claim(key_, "", Soon()); });
  EXPECT_TRUE(Eventually([&] { return SomebodyWaits(); }));
  holder.reset();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, claiming.get());
  absl::SleepFor(absl::Milliseconds(2100));  // Beyond the time that the lock had.
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  FAIRWAY_EXPECT_OK(claim.writer->Commit(Content(), locations_));
}

TEST_F(BatchClaimTest, AServerThatHangsUnderTheWaitIsTheDatabasesFailure) {
  PostgresBatchStore store(
      &pool_, proxy_.options(),
      {.lock_wait_max = absl::Seconds(2), .answer_max = absl::Milliseconds(100)});
  EndAttempt();
  const auto holder = postgres::CopySession::Open(database_.options(), Soon()).value();
  FAIRWAY_ASSERT_OK(holder->Execute(Lock(key_)));
  auto claiming = std::async(std::launch::async, [&] { return store.Claim(key_, "", Soon()); });
  EXPECT_TRUE(Eventually([&] { return SomebodyWaits(); }));
  proxy_.Stall();
  const absl::Status status = claiming.get().status();
  proxy_.Pass();
  EXPECT_EQ(ReasonOf(status), reasons::kDatabaseUnavailable) << status;
}

TEST_F(BatchClaimTest, ALivingAttemptIsNotWaitedFor) {
  PostgresBatchStore store(&pool_, ingest_, {.lock_wait_max = absl::Seconds(60)});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim living, store.Claim(key_, "", Soon()));
  const absl::Time start = absl::Now();
  EXPECT_EQ(ReasonOf(store.Claim(key_, "", Soon()).status()), reasons::kBatchInProgress);
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST_F(BatchClaimTest, ABatchThatIsSettledNeedsNoSession) {
  {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim(key_, "", Soon()));
    FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
    FAIRWAY_ASSERT_OK(claim.writer->Commit(Content(), locations_));
  }
  proxy_.Refuse();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim again,
                               store_with_bad_session_.Claim(key_, "", Soon()));
  EXPECT_TRUE(again.settled.has_value());
}

// It is given back with a command, which such a server does not answer.
TEST_F(BatchClaimTest, AServerThatHangsDoesNotHoldUpTheEndOfAnAttempt) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim claim, store_with_bad_session_.Claim(key_, "", Soon()));
  proxy_.Stall();
  const absl::Time start = absl::Now();
  claim.writer.reset();
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

}  // namespace
}  // namespace fairway
