#include <atomic>
#include <pqxx/transaction_base>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_matchers.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/transaction.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/queries.h"
#include "tests/support/test_cluster.h"
#include "tests/support/test_database.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::FaultProxy;
using ::fairway::testing::IsOk;
using ::fairway::testing::QueryInt;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest()
      : proxy_(database_.options()),
        pool_({.connection = database_.options(), .connections_max = 4}),
        proxied_pool_({.connection = proxy_.options(), .connections_max = 4}) {
    Execute(database_.options(), "CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL)");
  }

  static TransactionOptions Within(absl::Duration time) { return {.deadline = absl::Now() + time}; }
  static absl::Status Insert(pqxx::transaction_base& tx) {
    tx.exec("INSERT INTO t VALUES (1, 1)");
    return absl::OkStatus();
  }
  int64_t Rows() { return QueryInt(database_.options(), "SELECT count(*) FROM t"); }

  TestDatabase database_;
  FaultProxy proxy_;
  Pool pool_;
  Pool proxied_pool_;
};

TEST_F(TransactionTest, CommitsWhenTheBodyIsOk) {
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, Within(absl::Seconds(20)), Insert));
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(pool_.counts().idle, 1);
}

TEST_F(TransactionTest, RollsBackAndKeepsTheBodysStatus) {
  const auto body = [](pqxx::transaction_base& tx) {
    (void)Insert(tx);
    return absl::NotFoundError("no such thing");
  };
  EXPECT_THAT(RunTransaction(pool_, {}, body),
              StatusIs(absl::StatusCode::kNotFound, ::testing::Eq("no such thing")));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(pool_.counts().idle, 1);
}

TEST_F(TransactionTest, ExceptionsBecomeStatuses) {
  FAIRWAY_ASSERT_OK(RunTransaction(pool_, {}, Insert));
  const absl::Status duplicate = RunTransaction(pool_, {}, Insert);
  EXPECT_THAT(duplicate, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(SqlState(duplicate), "23505");
  EXPECT_THAT(RunTransaction(pool_, {},
                             [](pqxx::transaction_base&) -> absl::Status {
                               throw std::runtime_error("from the body");
                             }),
              StatusIs(absl::StatusCode::kInternal, ::testing::Eq("from the body")));
  EXPECT_EQ(pool_.counts().idle, 1) << "neither of them costs a connection";
}

TEST_F(TransactionTest, ASwallowedFailureDoesNotPassForCommitted) {
  const auto body = [](pqxx::transaction_base& tx) {
    (void)Insert(tx);
    try {
      tx.exec_params("SELECT 1 / $1::int", 0);
    } catch (const std::exception&) {
      // The mistake this test is about.
    }
    return absl::OkStatus();
  };
  EXPECT_EQ(SqlState(RunTransaction(pool_, {}, body)), "25P02");
  EXPECT_EQ(Rows(), 0);
}

TEST_F(TransactionTest, IsolationAndAccessModeAreSet) {
  const auto shows = [this](const TransactionOptions& options, const char* setting) {
    std::string value;
    FAIRWAY_EXPECT_OK(RunTransaction(pool_, options, [&](pqxx::transaction_base& tx) {
      value = tx.exec1(absl::StrCat("SHOW ", setting))[0].c_str();
      return absl::OkStatus();
    }));
    return value;
  };
  EXPECT_EQ(shows({}, "transaction_isolation"), "read committed");
  EXPECT_EQ(shows({.isolation = Isolation::kRepeatableRead}, "transaction_isolation"),
            "repeatable read");
  EXPECT_EQ(shows({}, "transaction_read_only"), "off");
  EXPECT_EQ(shows({.read_only = true}, "transaction_read_only"), "on");
  EXPECT_EQ(shows({}, "statement_timeout"), "0") << "and no deadline leaves no trace";
}

TEST_F(TransactionTest, TheDeadlineStopsAStatementPromptly) {
  const absl::Time start = absl::Now();
  const absl::Status status =
      RunTransaction(pool_, Within(absl::Milliseconds(150)), [](pqxx::transaction_base& tx) {
        tx.exec("SELECT pg_sleep(30)");
        return absl::OkStatus();
      });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(SqlState(status), "57014");
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(pool_.counts().idle, 1) << "the connection is as good as before";
}

TEST_F(TransactionTest, NothingIsCommittedAfterTheDeadline) {
  const absl::Time deadline = absl::Now() + absl::Milliseconds(200);
  EXPECT_THAT(RunTransaction(pool_, {.deadline = deadline},
                             [&](pqxx::transaction_base& tx) {
                               (void)Insert(tx);
                               absl::SleepFor(deadline - absl::Now() + absl::Milliseconds(1));
                               return absl::OkStatus();
                             }),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(Rows(), 0);
}

TEST_F(TransactionTest, APassedDeadlineAsksForNothing) {
  EXPECT_THAT(RunTransaction(pool_, Within(absl::Seconds(-1)), Insert),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(pool_.counts().idle, 0);
}

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
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, Within(absl::Seconds(20)), Insert));
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(pool_.counts().idle, 1);
}

TEST_F(TransactionTest, AConnectionLostUnderTheBodyIsUnavailableAndRebuilt) {
  const auto suicide = [](pqxx::transaction_base& tx) {
    (void)Insert(tx);
    tx.exec("SELECT pg_terminate_backend(pg_backend_pid())");
    return absl::OkStatus();
  };
  const absl::Status status = RunTransaction(pool_, {}, suicide);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(IsCommitInDoubt(status)) << "COMMIT was never sent";
  EXPECT_EQ(pool_.counts().idle, 0);
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, {}, Insert));
}

TEST_F(TransactionTest, AServerThatIsAwayIsUnavailableUntilItIsBack) {
  FAIRWAY_ASSERT_OK(RunTransaction(proxied_pool_, {}, Insert));
  proxy_.Refuse();
  EXPECT_THAT(RunTransaction(proxied_pool_, {}, Insert), StatusIs(absl::StatusCode::kUnavailable));
  proxy_.Pass();
  EXPECT_THAT(RunTransaction(proxied_pool_, {}, Insert),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(TransactionTest, ACommitThatNeverArrivedIsInDoubt) {
  proxy_.CutWhenClientSays("; COMMIT", FaultProxy::Moment::kBeforeDelivery);
  const absl::Status status = RunTransaction(proxied_pool_, {}, Insert);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(IsCommitInDoubt(status));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(proxied_pool_.counts().idle, 0);
}

TEST_F(TransactionTest, ACommitWhoseAnswerWasLostIsInDoubt) {
  proxy_.CutWhenClientSays("; COMMIT", FaultProxy::Moment::kAfterAnswer);
  EXPECT_TRUE(IsCommitInDoubt(RunTransaction(proxied_pool_, {}, Insert)));
  EXPECT_EQ(Rows(), 1) << "it did happen, and nobody but the database knows";
}

// An idle connection that is found dead before anything was asked on it is replaced; what was lost
// later, on a connection that served before, is not run again behind the caller's back.
TEST_F(TransactionTest, NothingRunsTwiceOnAConnectionThatServedBefore) {
  for (const auto& [text, moment] : {std::pair("; COMMIT", FaultProxy::Moment::kAfterAnswer),
                                     std::pair("INSERT", FaultProxy::Moment::kBeforeDelivery)}) {
    FAIRWAY_ASSERT_OK(RunTransaction(proxied_pool_, {},
                                     [](pqxx::transaction_base&) { return absl::OkStatus(); }));
    ASSERT_EQ(proxied_pool_.counts().idle, 1);
    proxy_.CutWhenClientSays(text, moment);
    int runs = 0;
    EXPECT_THAT(RunTransaction(proxied_pool_, {},
                               [&](pqxx::transaction_base& tx) {
                                 ++runs;
                                 return Insert(tx);
                               }),
                ::testing::Not(IsOk()));
    EXPECT_EQ(runs, 1) << text;
  }
  EXPECT_EQ(Rows(), 1);
}

TEST_F(TransactionTest, ABackendThatDiesInCommitIsInDoubt) {
  Execute(database_.options(),
          "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
          "  PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(30); RETURN NULL;"
          "END $$;"
          "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
          "  FOR EACH ROW EXECUTE FUNCTION die()");
  EXPECT_TRUE(IsCommitInDoubt(RunTransaction(pool_, {}, Insert)));
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

// Adds one to a row that another transaction changes under the first attempt.
class ConflictTest : public TransactionTest {
 protected:
  ConflictTest() { FAIRWAY_EXPECT_OK(RunTransaction(pool_, {}, Insert)); }

  absl::Status Increment(int attempts_max) {
    return RunTransaction(pool_,
                          {.isolation = Isolation::kRepeatableRead,
                           .deadline = absl::Now() + absl::Seconds(20),
                           .attempts_max = attempts_max},
                          [this](pqxx::transaction_base& tx) {
                            const int v = tx.exec1("SELECT v FROM t")[0].as<int>();
                            if (++attempts_ == 1)
                              Execute(database_.options(), "UPDATE t SET v = 10");
                            tx.exec_params("UPDATE t SET v = $1", v + 1);
                            return absl::OkStatus();
                          });
  }

  int attempts_ = 0;
};

TEST_F(ConflictTest, IsAbortedUnlessRetriesWereAskedFor) {
  const absl::Status status = Increment(/*attempts_max=*/1);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_TRUE(IsSerializationFailure(status));
  EXPECT_EQ(attempts_, 1);
}

TEST_F(ConflictTest, RunsAgainFromItsStart) {
  FAIRWAY_EXPECT_OK(Increment(/*attempts_max=*/3));
  EXPECT_EQ(attempts_, 2);
  EXPECT_EQ(QueryInt(database_.options(), "SELECT v FROM t"), 11);
}

TEST_F(TransactionTest, RetriesEndWithTheAttempts) {
  int attempts = 0;
  const absl::Status status =
      RunTransaction(pool_, {.attempts_max = 4}, [&](pqxx::transaction_base& tx) {
        ++attempts;
        tx.exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
        return absl::OkStatus();
      });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(attempts, 4);
}

TEST_F(TransactionTest, CommittedWorkOutlivesAServerThatIsKilled) {
  FAIRWAY_ASSERT_OK(RunTransaction(pool_, {}, Insert));
  FAIRWAY_ASSERT_OK(fairway::testing::Cluster().Kill());
  EXPECT_THAT(RunTransaction(pool_, Within(absl::Seconds(20)), Insert),
              StatusIs(absl::StatusCode::kUnavailable));
  FAIRWAY_ASSERT_OK(fairway::testing::Cluster().Restart());
  Pool pool({.connection = database_.options()});
  EXPECT_THAT(RunTransaction(pool, {}, Insert), StatusIs(absl::StatusCode::kAlreadyExists));
}

}  // namespace
}  // namespace fairway::postgres
