#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/postgres/binary_row.h"
#include "libs/postgres/binary_rows.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/errors.h"
#include "tests/support/proxied_database.h"
#include "tests/support/queries.h"

namespace fairway::postgres {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::FaultProxy;
using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::QueryInt;
using ::fairway::testing::StatusIs;
using ::testing::Eq;
using ::testing::Optional;

constexpr absl::string_view kCopy = "COPY t FROM STDIN (FORMAT binary)";
constexpr absl::string_view kCopyOut =
    "COPY (SELECT id::int, days, v FROM t ORDER BY id) TO STDOUT (FORMAT binary)";

class CopySessionTest : public fairway::testing::ProxiedDatabaseTest {
 protected:
  CopySessionTest() {
    Execute(database_.options(), "CREATE TABLE t (id int8, days date[], v int[])");
  }

  std::unique_ptr<CopySession> Open() {
    return CopySession::Open(database_.options(), Soon()).value();
  }
  std::unique_ptr<CopySession> OpenThroughProxy() {
    return CopySession::Open(proxy_.options(), Soon()).value();
  }
  int64_t Rows() { return QueryInt(database_.options(), "SELECT count(*) FROM t"); }

  // Binary rows of an id and two arrays of `length`.
  static std::string Encode(int count, int length) {
    BinaryRows rows;
    for (int i = 0; i < count; ++i) {
      rows.BeginRow(3);
      rows.AddInt8(i);
      rows.AddDateArray(std::vector<int32_t>(length, 18'628));  // 2021-01-01
      rows.AddInt4Array(std::vector<int32_t>(length, i));
    }
    return std::string(rows.bytes());
  }
};

TEST_F(CopySessionTest, StoresWhatWasWrittenAndReturnsTheRowCount) {
  const auto session = Open();
  FAIRWAY_ASSERT_OK(session->Execute("BEGIN"));
  FAIRWAY_ASSERT_OK(session->BeginCopy(kCopy));
  FAIRWAY_ASSERT_OK(session->Write(Encode(1000, 40)));
  EXPECT_THAT(session->EndCopy(), IsOkAndHolds(1000));
  EXPECT_EQ(Rows(), 0) << "not before COMMIT";
  FAIRWAY_ASSERT_OK(session->Commit());
  EXPECT_EQ(Rows(), 1000);
  EXPECT_EQ(QueryInt(database_.options(),
                     "SELECT count(*) FROM t WHERE v = array_fill(id::int, '{40}') AND "
                     "days = array_fill('2021-01-01'::date, '{40}')"),
            1000);
}

TEST_F(CopySessionTest, ATransactionCompressesByTheMethodThatTheServerHas) {
  const auto session = Open();
  for (const auto& [method, used] :
       {std::pair("lz4", "lz4"), std::pair("pglz", "pglz"), std::pair("no-such-method", "pglz")}) {
    FAIRWAY_ASSERT_OK(session->BeginCompressing(method));
    EXPECT_FALSE(session->IsIdle());
    FAIRWAY_ASSERT_OK(session->BeginCopy(kCopy));
    FAIRWAY_ASSERT_OK(session->Write(Encode(1, 2000)));
    FAIRWAY_ASSERT_OK(session->EndCopy());
    FAIRWAY_ASSERT_OK(session->Commit());
    EXPECT_THAT(session->QueryValue("SELECT pg_column_compression(days) FROM t"),
                IsOkAndHolds(Optional(Eq(used))));
    FAIRWAY_ASSERT_OK(session->Execute("TRUNCATE t"));
  }
  EXPECT_THAT(session->QueryValue("SHOW default_toast_compression"),
              IsOkAndHolds(Optional(Eq("pglz"))))
      << "of the transaction alone";
}

TEST_F(CopySessionTest, RefusedRowsShowAtTheEndAndTheSessionLivesOn) {
  const auto session = Open();
  FAIRWAY_ASSERT_OK(session->Execute("BEGIN"));
  FAIRWAY_ASSERT_OK(session->BeginCopy(kCopy));
  BinaryRows rows;
  rows.BeginRow(1);  // The table has three columns.
  rows.AddInt8(1);
  FAIRWAY_ASSERT_OK(session->Write(rows.bytes()));
  EXPECT_EQ(SqlState(session->EndCopy().status()), "22P04");
  EXPECT_THAT(session->Commit(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(session->QueryValue("SELECT 7"), IsOkAndHolds(Optional(std::string("7"))));
}

TEST_F(CopySessionTest, CopiesOutWhatWasCopiedIn) {
  const auto session = Open();
  FAIRWAY_ASSERT_OK(session->BeginCopy(kCopy));
  FAIRWAY_ASSERT_OK(session->Write(Encode(1000, 300)));
  FAIRWAY_ASSERT_OK(session->EndCopy());
  int64_t next = 0;
  std::vector<int32_t> days;
  std::vector<int32_t> values;
  FAIRWAY_ASSERT_OK(session->CopyOut(kCopyOut, [&](absl::string_view bytes) {
    BinaryRow row(bytes);
    EXPECT_EQ(row.ReadInt4(), next);
    row.ReadDateArray(days);
    row.ReadInt4Array(values);
    EXPECT_TRUE(row.ok());
    EXPECT_EQ(days, std::vector<int32_t>(300, 18'628));
    EXPECT_EQ(values, std::vector<int32_t>(300, static_cast<int32_t>(next)));
    ++next;
    return absl::OkStatus();
  }));
  EXPECT_EQ(next, 1000);
  EXPECT_THAT(session->QueryValue("SELECT 7"), IsOkAndHolds(Optional(std::string("7"))));
}

TEST_F(CopySessionTest, CopyingOutEndsWithItsSinkOrItsServer) {
  const auto session = Open();
  const auto no_row = [](absl::string_view) { return absl::InternalError("a row"); };
  FAIRWAY_EXPECT_OK(session->CopyOut(kCopyOut, no_row));
  EXPECT_EQ(SqlState(session->CopyOut("COPY nothing TO STDOUT (FORMAT binary)", no_row)), "42P01");
  Execute(database_.options(), "INSERT INTO t SELECT 1 FROM generate_series(1, 9)");
  // The failure comes in the middle of the rows.
  EXPECT_EQ(SqlState(session->CopyOut("COPY (SELECT 1 / (3 - n) FROM generate_series(1, 9) AS n) "
                                      "TO STDOUT (FORMAT binary)",
                                      [](absl::string_view) { return absl::OkStatus(); })),
            "22012");
  int rows = 0;
  EXPECT_THAT(session->CopyOut(kCopyOut,
                               [&](absl::string_view) {
                                 ++rows;
                                 return absl::DataLossError("enough");
                               }),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(rows, 1);
  EXPECT_THAT(session->Execute("SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(CopySessionTest, ValuesMayBeAbsent) {
  const auto session = Open();
  EXPECT_THAT(session->QueryValue("SELECT NULL"), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(session->QueryValue("SELECT 1 WHERE false"), IsOkAndHolds(std::nullopt));
  EXPECT_EQ(SqlState(session->QueryValue("SELECT nonsense").status()), "42703");
}

TEST_F(CopySessionTest, AnAdvisoryLockLastsAsLongAsItsSession) {
  auto holder = Open();
  const auto other = Open();
  EXPECT_THAT(holder->QueryValue(TryAdvisoryLockQuery(42)), IsOkAndHolds(Optional(Eq("t"))));
  EXPECT_THAT(other->QueryValue(TryAdvisoryLockQuery(42)), IsOkAndHolds(Optional(Eq("f"))));
  EXPECT_THAT(other->AwaitAdvisoryLock(42, absl::Milliseconds(20)), IsOkAndHolds(false));
  holder.reset();
  // The server notices the end of a session a moment later.
  EXPECT_THAT(other->AwaitAdvisoryLock(42, absl::Seconds(60)), IsOkAndHolds(true));
}

TEST_F(CopySessionTest, AStalledServerCostsNoMoreThanTheDeadline) {
  const auto session = OpenThroughProxy();
  FAIRWAY_ASSERT_OK(session->BeginCopy(kCopy));
  proxy_.Stall();
  const absl::Time start = absl::Now();
  session->set_deadline(start + absl::Milliseconds(200));
  const std::string rows = Encode(1000, 1000);
  absl::Status status;
  int written = 0;
  for (; status.ok() && written < 8; ++written) status = session->Write(rows);
  EXPECT_LT(written, 8) << "the sockets take less than a tenth of that, and memory nothing";
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
  session->set_deadline(Soon());
  EXPECT_THAT(session->Execute("SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(CopySessionTest, ALostConnectionIsUnavailable) {
  const auto session = OpenThroughProxy();
  proxy_.CutAll();
  EXPECT_THAT(session->Execute("SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(session->Commit(), StatusIs(absl::StatusCode::kUnavailable))
      << "COMMIT was never sent, so there is no doubt";
}

TEST_F(CopySessionTest, ACommitWithoutAnswerIsInDoubt) {
  for (const auto moment :
       {FaultProxy::Moment::kBeforeDelivery, FaultProxy::Moment::kAfterAnswer}) {
    const auto session = OpenThroughProxy();
    FAIRWAY_ASSERT_OK(session->Execute("BEGIN; INSERT INTO t VALUES (1)"));
    proxy_.CutWhenClientSends("COMMIT", moment);
    EXPECT_TRUE(IsCommitInDoubt(session->Commit()));
    EXPECT_EQ(Rows(), moment == FaultProxy::Moment::kAfterAnswer ? 1 : 0);
  }
}

TEST_F(CopySessionTest, DestroyingItUndoesWhatWasNotCommitted) {
  auto session = Open();
  FAIRWAY_ASSERT_OK(session->Execute("BEGIN"));
  FAIRWAY_ASSERT_OK(session->BeginCopy(kCopy));
  FAIRWAY_ASSERT_OK(session->Write(Encode(10, 10)));
  session.reset();
  Execute(database_.options(),
          "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE; COMMIT");  // Waits for its end.
  EXPECT_EQ(Rows(), 0);
}

}  // namespace
}  // namespace fairway::postgres
