#include <pqxx/nontransaction>

#include <filesystem>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/pool.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/queries.h"
#include "tests/support/test_database.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::FaultProxy;
using ::fairway::testing::IsOk;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;

int BackendOf(PooledConnection& connection) {
  pqxx::nontransaction work(*connection);
  return work.exec1("SELECT pg_backend_pid()")[0].as<int>();
}

class PoolTest : public ::testing::Test {
 protected:
  Pool::Options Options(int connections_max) {
    return {.connection = database_.options(), .connections_max = connections_max};
  }

  TestDatabase database_;
};

TEST_F(PoolTest, ReusesWhatCameBack) {
  Pool pool(Options(2));
  int first = 0;
  {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon()));
    EXPECT_TRUE(connection.is_new());
    EXPECT_EQ(pool.counts().in_use, 1);
    first = BackendOf(connection);
  }
  EXPECT_EQ(pool.counts().in_use, 0);
  EXPECT_EQ(pool.counts().idle, 1);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon()));
  EXPECT_FALSE(connection.is_new());
  EXPECT_EQ(BackendOf(connection), first);
}

TEST_F(PoolTest, TheOneUsedLastIsUsedNext) {
  Pool pool(Options(2));
  int last = 0;
  {
    std::optional<PooledConnection> one = pool.Acquire(Soon()).value();
    std::optional<PooledConnection> other = pool.Acquire(Soon()).value();
    last = BackendOf(*other);
    one.reset();
    other.reset();
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon()));
  EXPECT_EQ(BackendOf(connection), last);
}

TEST_F(PoolTest, EightConnectionsUnlessMoreAreAskedFor) {
  const Pool pool({.connection = database_.options()});
  EXPECT_EQ(pool.counts().max, 8);
  EXPECT_EQ(Pool::Options().wait_max, absl::Seconds(5));
}

TEST_F(PoolTest, ClosedConnectionsLeaveNoDescriptor) {
  const auto open = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  Pool pool(Options(2));
  pool.Acquire(Soon()).value().Discard();
  const auto before = open();
  for (int i = 0; i < 5; ++i) pool.Acquire(Soon()).value().Discard();
  { FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon())); }
  pool.DropIdle();
  EXPECT_EQ(open(), before);
}

TEST_F(PoolTest, SessionsHaveTheSettingsAskedFor) {
  Pool::Options options = Options(1);
  options.connection.idle_in_transaction_timeout = absl::Seconds(7);
  Pool pool(options);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon()));
  pqxx::nontransaction work(*connection);
  EXPECT_STREQ(work.exec1("SHOW idle_in_transaction_session_timeout")[0].c_str(), "7s");
  EXPECT_STREQ(work.exec1("SHOW client_connection_check_interval")[0].c_str(), "20ms");
  EXPECT_STREQ(work.exec1("SHOW application_name")[0].c_str(), "fairway-test");
}

TEST_F(PoolTest, AnExhaustedPoolAnswersByTheDeadline) {
  Pool pool(Options(1));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon()));
  const absl::Time start = absl::Now();
  EXPECT_THAT(pool.Acquire(start + absl::Milliseconds(50)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(50));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(pool.counts().in_use, 1);
  EXPECT_EQ(pool.counts().waiting, 0);
}

TEST_F(PoolTest, WaitingTooLongIsOverloadEvenWithoutADeadline) {
  Pool::Options options = Options(1);
  options.wait_max = absl::Milliseconds(50);
  Pool pool(options);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon()));
  EXPECT_THAT(pool.Acquire(absl::InfiniteFuture()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PoolTest, AWaiterGetsWhatComesBack) {
  Pool pool(Options(1));
  std::optional<PooledConnection> connection = pool.Acquire(Soon()).value();
  std::thread waiter([&pool] { EXPECT_THAT(pool.Acquire(Soon()), IsOk()); });
  while (pool.counts().waiting == 0) std::this_thread::yield();
  connection.reset();
  waiter.join();
  EXPECT_EQ(pool.counts().idle, 1);
}

TEST_F(PoolTest, AWaiterGetsThePlaceOfWhatIsDiscarded) {
  Pool::Options options = Options(1);
  options.wait_max = absl::Seconds(60);
  Pool pool(options);
  std::optional<PooledConnection> connection = pool.Acquire(Soon()).value();
  std::thread waiter([&pool] { EXPECT_THAT(pool.Acquire(absl::InfiniteFuture()), IsOk()); });
  while (pool.counts().waiting == 0) std::this_thread::yield();
  connection->Discard();
  const absl::Time start = absl::Now();
  connection.reset();
  waiter.join();
  EXPECT_LT(absl::Now() - start, absl::Seconds(30)) << "at once, and not by its own time";
}

TEST_F(PoolTest, NeverOpensMoreThanItsMaximum) {
  Pool pool(Options(3));
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&pool] {
      for (int round = 0; round < 20; ++round) {
        absl::StatusOr<PooledConnection> connection = pool.Acquire(Soon());
        ASSERT_THAT(connection, IsOk());
        EXPECT_LE(pool.counts().in_use, 3);
        if (round % 5 == 4) connection->Discard();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pool.counts().in_use, 0);
  EXPECT_LE(pool.counts().idle, 3);
}

TEST_F(PoolTest, DiscardedAndDroppedConnectionsAreGone) {
  Pool pool(Options(2));
  pool.Acquire(Soon()).value().Discard();
  EXPECT_EQ(pool.counts().idle, 0);
  { FAIRWAY_ASSERT_OK_AND_ASSIGN(PooledConnection connection, pool.Acquire(Soon())); }
  EXPECT_EQ(pool.counts().idle, 1);
  pool.DropIdle();
  EXPECT_EQ(pool.counts().idle, 0);
}

TEST_F(PoolTest, ALostSessionIsNeverReopenedBehindTheCallersBack) {
  Pool pool(Options(1));
  std::optional<PooledConnection> connection = pool.Acquire(Soon()).value();
  const int backend = BackendOf(*connection);
  fairway::testing::Execute(database_.options(),
                            absl::StrCat("SELECT pg_terminate_backend(", backend, ", 10000)"));
  EXPECT_ANY_THROW(BackendOf(*connection));
  EXPECT_FALSE(connection->is_open());
  EXPECT_ANY_THROW(BackendOf(*connection));
  connection.reset();
  EXPECT_EQ(pool.counts().idle, 0) << "nor kept for the next one";
}

TEST_F(PoolTest, NoServerIsUnavailableAndTakesNoPlace) {
  Pool::Options options = Options(1);
  options.connection.host += "/nothing-here";
  Pool pool(options);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(pool.Acquire(Soon()),
                StatusIs(absl::StatusCode::kUnavailable, ::testing::HasSubstr("cannot connect")));
  }
  EXPECT_EQ(pool.counts().in_use, 0);
}

TEST_F(PoolTest, ASilentServerIsUnavailableWithinTheConnectTimeout) {
  FaultProxy proxy(database_.options());
  proxy.Stall();
  Pool::Options options = Options(1);
  options.connection = proxy.options();
  options.connection.connect_timeout = absl::Milliseconds(100);
  Pool pool(options);
  EXPECT_THAT(pool.Acquire(absl::InfiniteFuture()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(pool.Acquire(absl::Now() + absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(PoolTest, AMissingDatabaseDoesNotRevealThePassword) {
  Pool::Options options = Options(1);
  options.connection.database = "no such database";
  options.connection.password = "hunter2";
  Pool pool(options);
  const absl::Status status = pool.Acquire(Soon()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(status.ToString(), ::testing::Not(::testing::HasSubstr("hunter2")));
}

}  // namespace
}  // namespace fairway::postgres
