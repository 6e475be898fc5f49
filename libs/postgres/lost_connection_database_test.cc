#include <pqxx/transaction_base>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/testing/transaction_fixture.h"
#include "libs/postgres/transaction.h"
#include "tests/support/queries.h"
#include "tests/support/test_cluster.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::FaultProxy;
using ::fairway::testing::StatusIs;

TEST_F(TransactionTest, DeadIdleConnectionsAreReplacedSilently) {
  absl::Barrier* all_in = new absl::Barrier(3);  // Deletes itself through Block().
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      FAIRWAY_EXPECT_OK(RunTransaction(pool_, {}, [&](pqxx::transaction_base&) {
        if (all_in->Block()) delete all_in;
        return absl::OkStatus();
      }));
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(pool_.counts().idle, 3);
  Execute(database_.options(),
          "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
          "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, Within(absl::Seconds(20)), kInsert));
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(pool_.counts().idle, 1);
}

TEST_F(TransactionTest, AConnectionLostUnderTheBodyIsUnavailableAndRebuilt) {
  const auto suicide = [](pqxx::transaction_base& tx) {
    (void)kInsert(tx);
    tx.exec("SELECT pg_terminate_backend(pg_backend_pid())");
    return absl::OkStatus();
  };
  const absl::Status status = RunTransaction(pool_, {}, suicide);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(IsCommitInDoubt(status)) << "COMMIT was never sent";
  EXPECT_EQ(pool_.counts().idle, 0);
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, {}, kInsert));
}

TEST_F(TransactionTest, AServerThatIsAwayIsUnavailableUntilItIsBack) {
  FAIRWAY_ASSERT_OK(RunTransaction(proxied_pool_, {}, kInsert));
  proxy_.Refuse();
  EXPECT_THAT(RunTransaction(proxied_pool_, {}, kInsert), StatusIs(absl::StatusCode::kUnavailable));
  proxy_.Pass();
  EXPECT_THAT(RunTransaction(proxied_pool_, {}, kInsert),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(TransactionTest, ACommitThatNeverArrivedIsInDoubt) {
  proxy_.CutWhenClientSends("; COMMIT", FaultProxy::Moment::kBeforeDelivery);
  const absl::Status status = RunTransaction(proxied_pool_, {}, kInsert);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(IsCommitInDoubt(status));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(proxied_pool_.counts().idle, 0);
}

TEST_F(TransactionTest, ACommitWhoseAnswerWasLostIsInDoubt) {
  proxy_.CutWhenClientSends("; COMMIT", FaultProxy::Moment::kAfterAnswer);
  EXPECT_TRUE(IsCommitInDoubt(RunTransaction(proxied_pool_, {}, kInsert)));
  EXPECT_EQ(Rows(), 1) << "it did happen, and nobody but the database knows";
}

// An idle connection that is found dead before anything was asked on it is replaced; what was lost
// later, on a connection that served before, is not run again behind the caller's back.
TEST_F(TransactionTest, NothingRunsTwiceOnAConnectionThatServedBefore) {
  for (const auto& [text, moment, code] :
       {std::tuple("; COMMIT", FaultProxy::Moment::kAfterAnswer, absl::StatusCode::kUnknown),
        std::tuple("INSERT", FaultProxy::Moment::kBeforeDelivery,
                   absl::StatusCode::kUnavailable)}) {
    FAIRWAY_ASSERT_OK(RunTransaction(proxied_pool_, {},
                                     [](pqxx::transaction_base&) { return absl::OkStatus(); }));
    ASSERT_EQ(proxied_pool_.counts().idle, 1);
    proxy_.CutWhenClientSends(text, moment);
    int runs = 0;
    EXPECT_THAT(RunTransaction(proxied_pool_, {},
                               [&](pqxx::transaction_base& tx) {
                                 ++runs;
                                 return kInsert(tx);
                               }),
                StatusIs(code));
    EXPECT_EQ(runs, 1) << text;
  }
  EXPECT_EQ(Rows(), 1);
}

// It was a primary once; where the database is now is asked anew.
TEST_F(TransactionTest, ASessionThatCannotWriteIsNotKept) {
  EXPECT_THAT(RunTransaction(pool_, {.read_only = true}, kInsert),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(pool_.counts().idle, 0);
}

// Where it is not an old connection that died, the database has failed.
TEST_F(TransactionTest, ANewConnectionThatIsLostIsNotReplaced) {
  proxy_.CutWhenClientSends("BEGIN", FaultProxy::Moment::kBeforeDelivery);
  EXPECT_THAT(RunTransaction(proxied_pool_, {}, kInsert), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Rows(), 0);
}

TEST_F(TransactionTest, ABackendThatDiesInCommitIsInDoubt) {
  Execute(database_.options(),
          "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
          "  PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(30); RETURN NULL;"
          "END $$;"
          "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
          "  FOR EACH ROW EXECUTE FUNCTION die()");
  EXPECT_TRUE(IsCommitInDoubt(RunTransaction(pool_, {}, kInsert)));
  EXPECT_EQ(Rows(), 0);
}

TEST_F(TransactionTest, AConstraintThatFailsInCommitIsNotInDoubt) {
  Execute(database_.options(),
          "ALTER TABLE t ADD CONSTRAINT v_once UNIQUE (v) DEFERRABLE INITIALLY DEFERRED");
  const absl::Status status = RunTransaction(pool_, {}, [](pqxx::transaction_base& tx) {
    tx.exec("INSERT INTO t VALUES (1, 7), (2, 7)");
    return absl::OkStatus();
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_FALSE(IsCommitInDoubt(status));
}

TEST_F(TransactionTest, CommittedWorkOutlivesAServerThatIsKilled) {
  FAIRWAY_ASSERT_OK(RunTransaction(pool_, {}, kInsert));
  FAIRWAY_ASSERT_OK(fairway::testing::Cluster().Kill());
  EXPECT_THAT(RunTransaction(pool_, Within(absl::Seconds(20)), kInsert),
              StatusIs(absl::StatusCode::kUnavailable));
  FAIRWAY_ASSERT_OK(fairway::testing::Cluster().Restart());
  Pool pool({.connection = database_.options()});
  EXPECT_THAT(RunTransaction(pool, {}, kInsert), StatusIs(absl::StatusCode::kAlreadyExists));
}

}  // namespace
}  // namespace fairway::postgres
