#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/copy_session_pool.h"
#include "libs/postgres/errors.h"
#include "tests/support/queries.h"
#include "tests/support/test_database.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::QueryInt;
using ::fairway::testing::TestDatabase;

class CopySessionPoolTest : public ::testing::Test {
 protected:
  std::unique_ptr<CopySession> Take() {
    return pool_.Take("SELECT 1", absl::Now() + absl::Seconds(60)).value().session;
  }
  static std::string ProcessOf(CopySession& session) {
    return **session.QueryValue("SELECT pg_backend_pid()");
  }
  bool Lives(const std::string& process) {
    return QueryInt(database_.options(),
                    absl::StrCat("SELECT count(*) FROM pg_stat_activity WHERE pid = ", process)) >
           0;
  }
  // Ends the server's side, and returns when it is gone.
  void Terminate(const std::string& process) {
    EXPECT_EQ(QueryInt(database_.options(),
                       absl::StrCat("SELECT pg_terminate_backend(", process, ", 30000)::int")),
              1);
  }

  TestDatabase database_;
  CopySessionPool pool_{database_.options(), /*idle_max=*/1};
};

TEST_F(CopySessionPoolTest, GivesTheSessionOfTheLastUseToTheNext) {
  auto session = Take();
  const std::string process = ProcessOf(*session);
  pool_.GiveBack(std::move(session));
  session = Take();
  EXPECT_EQ(ProcessOf(*session), process);
  EXPECT_NE(ProcessOf(*Take()), process) << "one user each";
}

// The question has a second to be answered, and then the session the time of its deadline.
TEST_F(CopySessionPoolTest, AReusedSessionHasTheTimeOfItsDeadline) {
  pool_.GiveBack(Take());
  FAIRWAY_EXPECT_OK(Take()->QueryValue("SELECT 7 FROM pg_sleep(1.3)"));
}

TEST_F(CopySessionPoolTest, KeepsNoMoreThanItMay) {
  auto first = Take();
  auto second = Take();
  const std::string process = ProcessOf(*first);
  pool_.GiveBack(std::move(first));
  pool_.GiveBack(std::move(second));
  const auto kept = Take();
  EXPECT_EQ(ProcessOf(*kept), process);
  EXPECT_NE(ProcessOf(*Take()), process);
}

TEST_F(CopySessionPoolTest, EndsASessionInWhichSomethingIsOpen) {
  Execute(database_.options(), "CREATE TABLE t (id int)");
  auto session = Take();
  const std::string process = ProcessOf(*session);
  FAIRWAY_ASSERT_OK(session->Execute("BEGIN; INSERT INTO t VALUES (1)"));
  pool_.GiveBack(std::move(session));
  EXPECT_NE(ProcessOf(*Take()), process);
}

TEST_F(CopySessionPoolTest, WhatItDoesNotKeepEndsAtOnce) {
  auto session = Take();
  const std::string process = ProcessOf(*session);
  FAIRWAY_ASSERT_OK(session->Execute("BEGIN"));
  pool_.GiveBack(std::move(session));
  // The server itself would end it after a minute.
  EXPECT_TRUE(Eventually([&] { return !Lives(process); }, Soon(absl::Seconds(30))));
}

TEST_F(CopySessionPoolTest, TheOneUsedLastIsUsedNext) {
  CopySessionPool pool(database_.options(), /*idle_max=*/2);
  const auto take = [&] { return pool.Take("SELECT pg_backend_pid()", Soon()).value(); };
  AnsweredSession first = take();
  AnsweredSession second = take();
  pool.GiveBack(std::move(first.session));
  pool.GiveBack(std::move(second.session));
  EXPECT_EQ(take().answer, second.answer);
}

// The question ends the session that is asked first.
TEST_F(CopySessionPoolTest, WhereOneIsDeadTheOthersAreNotTried) {
  CopySessionPool pool(database_.options(), /*idle_max=*/2);
  AnsweredSession first = pool.Take("SELECT pg_backend_pid()", Soon()).value();
  AnsweredSession second = pool.Take("SELECT pg_backend_pid()", Soon()).value();
  pool.GiveBack(std::move(first.session));
  pool.GiveBack(std::move(second.session));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(
      const AnsweredSession taken,
      pool.Take(absl::StrCat("SELECT pg_backend_pid() FROM (SELECT CASE WHEN pg_backend_pid() = ",
                             *second.answer, " THEN pg_terminate_backend(pg_backend_pid()) END) t"),
                Soon()));
  EXPECT_NE(taken.answer, first.answer);
  EXPECT_NE(taken.answer, second.answer);
  EXPECT_TRUE(Eventually([&] { return !Lives(*first.answer); }));
}

TEST_F(CopySessionPoolTest, AQuestionThatFailsIsNotAskedTwice) {
  pool_.GiveBack(Take());
  EXPECT_EQ(SqlState(pool_.Take("SELECT 1 / 0", absl::Now() + absl::Seconds(60)).status()),
            "22012");
}

TEST_F(CopySessionPoolTest, ReplacesASessionThatTheServerEnded) {
  auto session = Take();
  const std::string process = ProcessOf(*session);
  pool_.GiveBack(std::move(session));
  Terminate(process);
  EXPECT_NE(ProcessOf(*Take()), process);
}

TEST_F(CopySessionPoolTest, DropsWhatIsIdle) {
  auto session = Take();
  const std::string process = ProcessOf(*session);
  pool_.GiveBack(std::move(session));
  pool_.DropIdle();
  EXPECT_NE(ProcessOf(*Take()), process);
}

}  // namespace
}  // namespace fairway::postgres
