#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/binary_rows.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/errors.h"
#include "tests/support/proxied_database.h"
#include "tests/support/queries.h"

// What a session keeps from one command to the next, and how it notices that it has ended.
namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::QueryInt;
using ::fairway::testing::StatusIs;
using ::testing::HasSubstr;

class CopySessionStateTest : public fairway::testing::ProxiedDatabaseTest {
 protected:
  std::unique_ptr<CopySession> Open() {
    return CopySession::Open(database_.options(), Soon()).value();
  }
  static std::string ValueOf(CopySession& session, absl::string_view sql) {
    const auto value = session.QueryValue(sql);
    FAIRWAY_EXPECT_OK(value);
    return value.ok() ? value->value_or("null") : "";
  }
};

TEST_F(CopySessionStateTest, ATransactionThatFailedIsNotCommitted) {
  const auto session = Open();
  FAIRWAY_ASSERT_OK(session->Execute("BEGIN"));
  EXPECT_EQ(SqlState(session->Execute("SELECT 1 / 0")), "22012");
  EXPECT_THAT(session->Commit(), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(CopySessionStateTest, ItIsIdleOutsideOfTransactionsUntilItsServerEndsIt) {
  const auto session = Open();
  EXPECT_TRUE(session->IsIdle());
  FAIRWAY_ASSERT_OK(session->Execute("BEGIN"));
  EXPECT_FALSE(session->IsIdle());
  FAIRWAY_ASSERT_OK(session->Execute("ROLLBACK"));
  EXPECT_TRUE(session->IsIdle());
  const std::string process = ValueOf(*session, "SELECT pg_backend_pid()");
  EXPECT_EQ(QueryInt(database_.options(),
                     absl::StrCat("SELECT pg_terminate_backend(", process, ", 30000)::int")),
            1);
  EXPECT_TRUE(Eventually([&] { return !session->IsIdle(); }));
}

TEST_F(CopySessionStateTest, AWaitForALockLeavesNoTimeout) {
  const auto holder = Open();
  const auto session = Open();
  EXPECT_THAT(session->AwaitAdvisoryLock(41, absl::Seconds(60)), IsOkAndHolds(true));
  EXPECT_EQ(ValueOf(*session, "SHOW lock_timeout"), "0");
  FAIRWAY_ASSERT_OK(holder->Execute("SELECT pg_advisory_lock(42)"));
  EXPECT_THAT(session->AwaitAdvisoryLock(42, absl::Milliseconds(2)), IsOkAndHolds(false));
  EXPECT_EQ(ValueOf(*session, "SHOW lock_timeout"), "0");
}

TEST_F(CopySessionStateTest, AReleasedLockIsFree) {
  const auto holder = Open();
  const auto other = Open();
  EXPECT_EQ(ValueOf(*holder, TryAdvisoryLockQuery(42)), "t");
  FAIRWAY_ASSERT_OK(holder->ReleaseAdvisoryLock(42));
  EXPECT_EQ(ValueOf(*other, TryAdvisoryLockQuery(42)), "t");
}

TEST_F(CopySessionStateTest, WhyTheServerEndedItIsSaid) {
  EXPECT_EQ(SqlState(Open()->Execute("SELECT pg_terminate_backend(pg_backend_pid())")), "57P01");
}

// The server lives, the one process does not go on.
TEST_F(CopySessionStateTest, ASessionThatSaysNothingIsGivenUp) {
  const auto session =
      CopySession::Open(database_.options(), Soon(),
                        {.probe_after = absl::Milliseconds(50), .total = absl::Milliseconds(300)})
          .value();
  EXPECT_THAT(session->Execute("SELECT pg_sleep(60)"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("sent nothing for 300ms")));
  EXPECT_THAT(session->Execute("SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(CopySessionStateTest, AServerThatHangsIsGivenUpLongBeforeASortWouldEnd) {
  const auto session = CopySession::Open(proxy_.options(), Soon(),
                                         {.probe_after = absl::Milliseconds(50),
                                          .probe_max = absl::Milliseconds(300),
                                          .total = absl::InfiniteDuration()})
                           .value();
  FAIRWAY_EXPECT_OK(session->Execute("SELECT 1"));
  proxy_.Stall();
  EXPECT_THAT(session->Execute("SELECT 1"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("stopped answering")));
  proxy_.Pass();
  EXPECT_THAT(session->Execute("SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
}

// The one that takes over may have the name already.
TEST_F(CopySessionStateTest, TheServerOfTheSessionIsAskedAndNoOther) {
  ConnectionOptions options = proxy_.options();
  options.host += "," + database_.options().host;
  options.port += "," + database_.options().port;
  const auto session =
      CopySession::Open(options, Soon(),
                        {.probe_after = absl::Milliseconds(50), .probe_max = absl::Seconds(1)})
          .value();
  proxy_.Stall();
  EXPECT_THAT(session->Execute("SELECT 1"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("stopped answering")));
}

TEST_F(CopySessionStateTest, TheDeadlineMayComeWhileTheServerIsAsked) {
  const auto session =
      CopySession::Open(proxy_.options(), Soon(),
                        {.probe_after = absl::Milliseconds(50), .probe_max = absl::Seconds(60)})
          .value();
  proxy_.Stall();
  session->set_deadline(absl::Now() + absl::Milliseconds(500));
  EXPECT_THAT(session->Execute("SELECT 1"), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(CopySessionStateTest, AServerThatIsBusyIsWaitedFor) {
  const auto session =
      CopySession::Open(database_.options(), Soon(), {.probe_after = absl::Milliseconds(20)})
          .value();
  FAIRWAY_EXPECT_OK(session->Execute("SELECT pg_sleep(0.3)"));
}

// The queue of a server that hangs is full after a while, which is no answer. Here nobody listens
// any more, which fails as soon.
TEST_F(CopySessionStateTest, AServerThatAcceptsNobodyIsGivenUp) {
  const auto session =
      CopySession::Open(database_.options(), Soon(), {.probe_after = absl::Milliseconds(50)})
          .value();
  const std::string socket =
      absl::StrCat(database_.options().host, "/.s.PGSQL.", database_.options().port);
  const std::string aside = socket + ".aside";
  ASSERT_EQ(rename(socket.c_str(), aside.c_str()), 0);
  const absl::Status status = session->Execute("SELECT pg_sleep(60)");
  ASSERT_EQ(rename(aside.c_str(), socket.c_str()), 0);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("stopped answering")));
}

// Also one that refuses another session, as it does when it has too many.
TEST_F(CopySessionStateTest, ARefusalIsAnAnswer) {
  const auto session =
      CopySession::Open(proxy_.options(), Soon(), {.probe_after = absl::Milliseconds(20)}).value();
  ConnectionOptions other = database_.options();
  other.database = "postgres";
  Execute(other, absl::StrCat("ALTER DATABASE ", database_.options().database,
                              " ALLOW_CONNECTIONS false"));
  FAIRWAY_EXPECT_OK(session->Execute("SELECT pg_sleep(0.3)"));
}

// More than what fits into the buffers of both directions: who only wrote would wait for ever for a
// server that only writes.
TEST_F(CopySessionStateTest, WhatTheServerSaysDuringACopyIsRead) {
  Execute(database_.options(),
          "CREATE TABLE t (id int8, v int[]);"
          "CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
          "  RAISE WARNING '%', repeat('x', 10000); RETURN new; END $$;"
          "CREATE TRIGGER say BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION say()");
  BinaryRows rows;
  for (int i = 0; i < 1000; ++i) {
    rows.BeginRow(2);
    rows.AddInt8(i);
    rows.AddInt4Array(std::vector<int32_t>(1000, i));
  }
  const auto session = Open();
  FAIRWAY_ASSERT_OK(session->BeginCopy("COPY t FROM STDIN (FORMAT binary)"));
  FAIRWAY_ASSERT_OK(session->Write(rows.bytes()));
  EXPECT_THAT(session->EndCopy(), IsOkAndHolds(1000));
}

// It would stand between the lines of the log.
TEST_F(CopySessionStateTest, WarningsAreNotPrinted) {
  const auto session = Open();
  ::testing::internal::CaptureStderr();
  const absl::Status status = session->Execute("DO $$ BEGIN RAISE WARNING 'a warning'; END $$");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  FAIRWAY_EXPECT_OK(status);
}

}  // namespace
}  // namespace fairway::postgres
