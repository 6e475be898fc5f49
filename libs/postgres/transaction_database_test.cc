#include <pqxx/except>
#include <pqxx/transaction_base>

#include <atomic>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/testing/transaction_fixture.h"
#include "libs/postgres/transaction.h"
#include "tests/support/queries.h"
#include "tests/support/test_cluster.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::QueryInt;
using ::fairway::testing::StatusIs;

TEST_F(TransactionTest, CommitsWhenTheBodyIsOk) {
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, Within(absl::Seconds(20)), kInsert));
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(pool_.counts().idle, 1);
}

// An idle connection has a second to answer BEGIN, and then the time of the transaction.
TEST_F(TransactionTest, AReusedConnectionHasTheTimeOfItsDeadline) {
  FAIRWAY_ASSERT_OK(RunTransaction(pool_, {}, kInsert));
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, Within(absl::Seconds(60)), [](auto& tx) {
    tx.exec("SELECT pg_sleep(1.3)");
    return absl::OkStatus();
  }));
  EXPECT_EQ(pool_.counts().idle, 1);
}

TEST_F(TransactionTest, RollsBackAndKeepsTheBodysStatus) {
  const auto body = [](pqxx::transaction_base& tx) {
    (void)kInsert(tx);
    return absl::NotFoundError("no such thing");
  };
  EXPECT_THAT(RunTransaction(pool_, {}, body),
              StatusIs(absl::StatusCode::kNotFound, ::testing::Eq("no such thing")));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(pool_.counts().idle, 1);
}

// A caller that gives up while COMMIT runs is no fault of the database, and the outcome is unknown
// all the same.
TEST_F(TransactionTest, ACommitWhoseCallIsCancelledIsInDoubtAndCancelled) {
  Execute(database_.options(),
          "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS "
          "'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END'; "
          "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED "
          "FOR EACH ROW EXECUTE FUNCTION wait()");
  const absl::Status held = RunTransaction(pool_, {}, [&](pqxx::transaction_base& tx) {
    tx.exec("SELECT pg_advisory_lock(7)");
    std::stop_source stop;
    const std::jthread caller([&] {
      EXPECT_TRUE(Eventually([&] {
        return QueryInt(
                   database_.options(),
                   "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") ==
               1;
      }));
      stop.request_stop();
    });
    const absl::Status status = RunTransaction(
        pool_, {.deadline = Deadline(absl::InfiniteFuture(), stop.get_token())}, kInsert);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
    EXPECT_TRUE(IsCommitInDoubt(status));
    return absl::OkStatus();
  });
  FAIRWAY_EXPECT_OK(held);
}

TEST_F(TransactionTest, ExceptionsBecomeStatuses) {
  FAIRWAY_ASSERT_OK(RunTransaction(pool_, {}, kInsert));
  const absl::Status duplicate = RunTransaction(pool_, {}, kInsert);
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
    (void)kInsert(tx);
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

TEST_F(TransactionTest, ASnapshotIsReadOnlyAndRepeatable) {
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, ReadOnlySnapshot(Soon()), [](pqxx::transaction_base& tx) {
    EXPECT_STREQ(tx.exec1("SHOW transaction_isolation")[0].c_str(), "repeatable read");
    EXPECT_STREQ(tx.exec1("SHOW transaction_read_only")[0].c_str(), "on");
    EXPECT_STRNE(tx.exec1("SHOW statement_timeout")[0].c_str(), "0");
    return absl::OkStatus();
  }));
}

// PostgreSQL takes 24 days at most as a timeout.
TEST_F(TransactionTest, ADeadlineMayBeFarAway) {
  FAIRWAY_EXPECT_OK(RunTransaction(pool_, Within(absl::Hours(24 * 100)), kInsert));
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
                               (void)kInsert(tx);
                               absl::SleepFor(deadline - absl::Now() + absl::Milliseconds(1));
                               return absl::OkStatus();
                             }),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(Rows(), 0);
}

TEST_F(TransactionTest, APassedDeadlineAsksForNothing) {
  EXPECT_THAT(RunTransaction(pool_, Within(absl::Seconds(-1)), kInsert),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(pool_.counts().idle, 0);
}

// Adds one to a row that another transaction changes under the first attempt.
class ConflictTest : public TransactionTest {
 protected:
  ConflictTest() { FAIRWAY_EXPECT_OK(RunTransaction(pool_, {}, kInsert)); }

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

TEST_F(TransactionTest, ABodyMayReturnAValue) {
  const auto seven = [](pqxx::transaction_base& tx) -> absl::StatusOr<int> {
    return tx.exec1("SELECT 7")[0].as<int>();
  };
  EXPECT_THAT(RunTransaction(pool_, {}, seven), fairway::testing::IsOkAndHolds(7));
  const auto nothing = [](pqxx::transaction_base& tx) -> absl::StatusOr<int> {
    (void)kInsert(tx);
    return absl::NotFoundError("no such thing");
  };
  EXPECT_THAT(RunTransaction(pool_, {}, nothing), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Rows(), 0);
  // A value that was not committed is none.
  const auto swallowed = [](pqxx::transaction_base& tx) -> absl::StatusOr<int> {
    try {
      tx.exec_params("SELECT 1 / $1::int", 0);
    } catch (const std::exception&) {
    }
    return 7;
  };
  EXPECT_EQ(SqlState(RunTransaction(pool_, {}, swallowed).status()), "25P02");
}

TEST_F(TransactionTest, TheValueOfTheLastAttemptIsReturned) {
  int attempts = 0;
  const auto body = [&](pqxx::transaction_base& tx) -> absl::StatusOr<int> {
    if (++attempts < 3) {
      tx.exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
    }
    return attempts;
  };
  EXPECT_THAT(RunTransaction(pool_, {.attempts_max = 4}, body), fairway::testing::IsOkAndHolds(3));
}

// Five, ten and twenty milliseconds at least.
TEST_F(TransactionTest, RetriesEndWithTheAttemptsAndComeAfterPauses) {
  const absl::Time start = absl::Now();
  int attempts = 0;
  const absl::Status status =
      RunTransaction(pool_, {.attempts_max = 4}, [&](pqxx::transaction_base& tx) {
        ++attempts;
        tx.exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
        return absl::OkStatus();
      });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(attempts, 4);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(35));
}

// Its pause would end too late: the caller learns what was in the way.
TEST_F(TransactionTest, NoRetryIsBegunForTheDeadlineAlone) {
  FAIRWAY_ASSERT_OK(RunTransaction(pool_, {}, kInsert));  // Opens the session.
  const absl::Time deadline = absl::Now() + absl::Milliseconds(200);
  const absl::Status status =
      RunTransaction(pool_, {.deadline = deadline, .attempts_max = 4},
                     [&](pqxx::transaction_base&) -> absl::Status {
                       absl::SleepFor(deadline - absl::Now() - absl::Milliseconds(3));
                       throw pqxx::serialization_failure("again");
                     });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted));
}

}  // namespace
}  // namespace fairway::postgres
