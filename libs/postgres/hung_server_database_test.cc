#include <pqxx/result>
#include <pqxx/transaction_base>

#include <atomic>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/copy_session_pool.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/notification_listener.h"
#include "libs/postgres/transaction.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/queries.h"
#include "tests/support/stopped_process.h"
#include "tests/support/test_database.h"

// What a server does not end, because it hangs or has no reason to, we end: by our own clock, and
// when nobody waits any more.
namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::FaultProxy;
using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::QueryInt;
using ::fairway::testing::StatusIs;
using ::fairway::testing::StoppedProcess;
using ::fairway::testing::TestDatabase;

// What a caller may wait beyond its deadline, on a machine that does much else. Without what is
// tested here it would wait for as long as the server hangs.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr absl::Duration kGrace = absl::Seconds(10);  // Of instrumented code, which is slower.
constexpr absl::Duration kTimeout = absl::Seconds(1);
#else
constexpr absl::Duration kGrace = absl::Seconds(1);
constexpr absl::Duration kTimeout = absl::Milliseconds(200);
#endif

pid_t BackendOf(pqxx::transaction_base& tx) {
  return tx.exec1("SELECT pg_backend_pid()")[0].as<pid_t>();
}

class HungServerTest : public ::testing::Test {
 protected:
  HungServerTest() { Execute(database_.options(), "CREATE TABLE t (id int PRIMARY KEY)"); }

  // With an open session: opening one takes longer than that where the machine is busy.
  absl::Status RunUntilDeadline(TransactionBody body) {
    FAIRWAY_EXPECT_OK(RunTransaction(pool_, {.deadline = Soon()},
                                     [](pqxx::transaction_base&) { return absl::OkStatus(); }));
    return RunTransaction(pool_, {.deadline = Deadline()}, body);
  }
  absl::Time Deadline() { return deadline_ = absl::Now() + kTimeout; }
  void ExpectInTime() { EXPECT_LT(absl::Now(), deadline_ + kGrace); }
  int64_t Sleepers() {
    return QueryInt(database_.options(),
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                    "query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()");
  }
  // Gives up as soon as the server sleeps.
  std::thread GiveUpWhenItSleeps() {
    return std::thread([this] {
      while (Sleepers() == 0) std::this_thread::yield();
      given_up_ = absl::Now();
      stop_.request_stop();
    });
  }
  void ExpectPromptEnd() {
    const absl::Duration took = absl::Now() - given_up_;
    EXPECT_LT(took, kGrace);
    std::printf("ended %s after that\n", absl::FormatDuration(took).c_str());
    while (Sleepers() > 0) ASSERT_LT(absl::Now(), given_up_ + absl::Seconds(30));
    std::printf("and in PostgreSQL after %s at most\n",
                absl::FormatDuration(absl::Now() - given_up_).c_str());
  }
  fairway::Deadline UntilGivenUp() { return {absl::Now() + absl::Seconds(60), stop_.get_token()}; }

  TestDatabase database_;
  Pool pool_{{.connection = database_.options(), .connections_max = 2}};
  absl::Time deadline_;
  std::stop_source stop_;
  absl::Time given_up_;
};

TEST_F(HungServerTest, AStatementEndsByTheDeadline) {
  std::optional<StoppedProcess> stopped;
  const absl::Status status = RunUntilDeadline([&](pqxx::transaction_base& tx) {
    stopped.emplace(BackendOf(tx));
    tx.exec("SELECT 1");
    return absl::OkStatus();
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  ExpectInTime();
  EXPECT_EQ(pool_.counts().idle, 0) << "the session is of no use any more";
}

// Its very first question is not answered.
TEST_F(HungServerTest, ABeginOnANewSessionEndsByTheDeadline) {
  FaultProxy proxy(database_.options());
  Pool pool({.connection = proxy.options()});
  proxy.StallWhenClientSends("BEGIN");
  EXPECT_THAT(RunTransaction(pool, {.deadline = Deadline()},
                             [](pqxx::transaction_base&) { return absl::OkStatus(); }),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  ExpectInTime();
}

TEST_F(HungServerTest, ACommitEndsByTheDeadlineAndIsInDoubt) {
  std::optional<StoppedProcess> stopped;
  const absl::Status status = RunUntilDeadline([&](pqxx::transaction_base& tx) {
    tx.exec("INSERT INTO t VALUES (1)");
    stopped.emplace(BackendOf(tx));
    return absl::OkStatus();
  });
  EXPECT_TRUE(IsCommitInDoubt(status)) << status;
  ExpectInTime();
  EXPECT_EQ(pool_.counts().idle, 0);
}

TEST_F(HungServerTest, ARollbackEndsByTheDeadlineAndKeepsTheBodysStatus) {
  std::optional<StoppedProcess> stopped;
  const absl::Status status = RunUntilDeadline([&](pqxx::transaction_base& tx) {
    stopped.emplace(BackendOf(tx));
    return absl::NotFoundError("no such thing");
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  ExpectInTime();
  EXPECT_EQ(pool_.counts().idle, 0);
}

// More than what fits into the socket's buffers: the farewell of the session would wait as well.
TEST_F(HungServerTest, AStatementThatTheServerDoesNotReadEndsByTheDeadline) {
  std::optional<StoppedProcess> stopped;
  const absl::Status status = RunUntilDeadline([&](pqxx::transaction_base& tx) {
    stopped.emplace(BackendOf(tx));
    tx.exec(absl::StrCat("SELECT '", std::string(4 << 20, 'x'), "'"));
    return absl::OkStatus();
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  ExpectInTime();
}

// Long before the deadline, and the other idle session is not tried.
TEST_F(HungServerTest, AnIdleSessionThatHangsIsReplaced) {
  std::vector<pid_t> backends;
  FAIRWAY_ASSERT_OK(RunTransaction(pool_, {}, [&](pqxx::transaction_base& outer) {
    backends.push_back(BackendOf(outer));
    return RunTransaction(pool_, {}, [&](pqxx::transaction_base& inner) {
      backends.push_back(BackendOf(inner));
      return absl::OkStatus();
    });
  }));
  const StoppedProcess first(backends[0]);
  const StoppedProcess second(backends[1]);
  const absl::Time start = absl::Now();
  FAIRWAY_EXPECT_OK(
      RunTransaction(pool_, {.deadline = start + absl::Seconds(60)},
                     [](pqxx::transaction_base& tx) { return BackendOf(tx), absl::OkStatus(); }));
  EXPECT_LT(absl::Now() - start, absl::Seconds(1) + kGrace);
  EXPECT_EQ(pool_.counts().idle, 1);
}

TEST_F(HungServerTest, AnIdleSessionForCopyingThatHangsIsReplaced) {
  CopySessionPool sessions(database_.options(), /*idle_max=*/1);
  const auto take = [&] {
    return sessions.Take("SELECT pg_backend_pid()", absl::Now() + absl::Seconds(60));
  };
  FAIRWAY_ASSERT_OK_AND_ASSIGN(AnsweredSession first, take());
  sessions.GiveBack(std::move(first.session));
  const StoppedProcess stopped(std::stoi(*first.answer));
  const absl::Time start = absl::Now();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const AnsweredSession second, take());
  EXPECT_LT(absl::Now() - start, absl::Seconds(1) + kGrace);
  EXPECT_NE(second.answer, first.answer);
}

TEST_F(HungServerTest, AListenerThatHangsOpensAnotherSession) {
  NotificationListener listener(database_.options(), "news",
                                /*silence_max=*/absl::Milliseconds(50));
  const auto wait = [&] { return listener.Wait(absl::Now() + absl::Seconds(60)); };
  EXPECT_THAT(wait(), IsOkAndHolds(true));
  const StoppedProcess stopped(static_cast<pid_t>(
      QueryInt(database_.options(),
               "SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN news' AND "
               "datname = current_database()")));
  EXPECT_THAT(wait(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(wait(), IsOkAndHolds(true)) << "a new session is news";
}

TEST_F(HungServerTest, AListenerThatIsWellStaysThroughSilence) {
  NotificationListener listener(database_.options(), "news", /*silence_max=*/absl::Milliseconds(2));
  EXPECT_THAT(listener.Wait(absl::Now() + absl::Seconds(60)), IsOkAndHolds(true));
  EXPECT_THAT(listener.Wait(absl::Now() + absl::Milliseconds(20)), IsOkAndHolds(false));
  Execute(database_.options(), "NOTIFY news");
  EXPECT_THAT(listener.Wait(absl::Now() + absl::Seconds(60)), IsOkAndHolds(true));
}

TEST_F(HungServerTest, AStatementStopsWhenNobodyWaitsAnyMore) {
  std::thread giver_up = GiveUpWhenItSleeps();
  const absl::Status status =
      RunTransaction(pool_, {.deadline = UntilGivenUp()}, [](pqxx::transaction_base& tx) {
        tx.exec("SELECT pg_sleep(60)");
        return absl::OkStatus();
      });
  giver_up.join();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
  ExpectPromptEnd();
}

TEST_F(HungServerTest, AStatementThatWaitsForALockStopsWhenNobodyWaitsAnyMore) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const auto holder, CopySession::Open(database_.options(), absl::Now() + absl::Seconds(60)));
  FAIRWAY_ASSERT_OK(holder->Execute("BEGIN; LOCK TABLE t"));
  std::thread giver_up([&] {
    while (QueryInt(database_.options(), "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
      std::this_thread::yield();
    }
    stop_.request_stop();
  });
  EXPECT_THAT(RunTransaction(pool_, {.deadline = UntilGivenUp()},
                             [](pqxx::transaction_base& tx) {
                               tx.exec("INSERT INTO t VALUES (1)");
                               return absl::OkStatus();
                             }),
              StatusIs(absl::StatusCode::kCancelled));
  giver_up.join();
  while (QueryInt(database_.options(), "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0) {
    std::this_thread::yield();
  }
}

TEST_F(HungServerTest, ACopySessionStopsWhenNobodyWaitsAnyMore) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(auto session,
                               CopySession::Open(database_.options(), UntilGivenUp()));
  std::thread giver_up = GiveUpWhenItSleeps();
  EXPECT_THAT(session->Execute("SELECT pg_sleep(60)"), StatusIs(absl::StatusCode::kCancelled));
  giver_up.join();
  EXPECT_THAT(session->Execute("SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
  session.reset();
  ExpectPromptEnd();
}

TEST_F(HungServerTest, WaitingForAConnectionStopsWhenNobodyWaitsAnyMore) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const PooledConnection one, pool_.Acquire(UntilGivenUp()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const PooledConnection two, pool_.Acquire(UntilGivenUp()));
  std::thread giver_up([this] {
    while (pool_.counts().waiting == 0) std::this_thread::yield();
    stop_.request_stop();
  });
  EXPECT_THAT(pool_.Acquire(UntilGivenUp()), StatusIs(absl::StatusCode::kCancelled));
  giver_up.join();
}

TEST_F(HungServerTest, ConnectingStopsWhenNobodyWaitsAnyMore) {
  FaultProxy proxy(database_.options());
  proxy.Stall();
  ConnectionOptions options = proxy.options();
  options.connect_timeout = absl::Seconds(60);
  Pool pool({.connection = options});
  std::thread giver_up([&] {
    while (pool.counts().in_use == 0) std::this_thread::yield();
    stop_.request_stop();
  });
  EXPECT_THAT(pool.Acquire(UntilGivenUp()), StatusIs(absl::StatusCode::kCancelled));
  giver_up.join();
}

TEST_F(HungServerTest, NothingIsAskedForWhenNobodyWaits) {
  stop_.request_stop();
  EXPECT_THAT(RunTransaction(pool_, {.deadline = UntilGivenUp()},
                             [](pqxx::transaction_base&) { return absl::OkStatus(); }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(pool_.counts().idle, 0);
}

TEST_F(HungServerTest, NothingIsCommittedWhenNobodyWaitsAnyMore) {
  EXPECT_THAT(RunTransaction(pool_, {.deadline = UntilGivenUp()},
                             [this](pqxx::transaction_base& tx) {
                               tx.exec("INSERT INTO t VALUES (1)");
                               stop_.request_stop();
                               return absl::OkStatus();
                             }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(QueryInt(database_.options(), "SELECT count(*) FROM t"), 0);
}

}  // namespace
}  // namespace fairway::postgres
