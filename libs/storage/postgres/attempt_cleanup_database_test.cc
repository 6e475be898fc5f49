#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

// The bounds of what a sweep removes, and what it does beside others. The rows of attempts are
// written as attempts leave them.
namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::IsOkAndHolds;
using ::fairway::testing::MigratedDatabase;
using ::fairway::testing::QueryInt;
using ::fairway::testing::QueryText;
using ::fairway::testing::TestDatabase;
using ::testing::HasSubstr;

class AttemptCleanupTest : public ::testing::Test {
 protected:
  // Long enough, and short where a sweep waits for what it should skip.
  absl::StatusOr<int> Sweep() { return store_.SweepInterrupted(Soon(absl::Seconds(20))); }
  void Sql(absl::string_view sql) { Execute(database_.options(), sql); }
  int64_t Count(absl::string_view from) {
    return QueryInt(database_.options(), absl::StrCat("SELECT count(*) FROM ", from));
  }
  // Of the batches that satisfy `where`, in order.
  std::string Ids(absl::string_view where = "true") {
    return QueryText(database_.options(), absl::StrCat("SELECT string_agg(batch_id, ' ' ORDER BY "
                                                       "batch_id) FROM fairway.batches WHERE ",
                                                       where));
  }
  // Attempts 'b1' to 'bCOUNT', each with a price and a row error, `age` old and each a minute older
  // than the one before.
  void InsertEnded(int count, absl::string_view state, absl::string_view age,
                   absl::string_view prefix = "b") {
    Sql(absl::StrCat(
        "INSERT INTO fairway.batches (partner, batch_id, state, label, create_time, error_count, "
        "  bad_row_count, stored_error_count) SELECT 'acme', '",
        prefix, "' || n, '", state, "', '', now() - interval '", age,
        "' - n * interval '1 minute', 1, 1, 1 FROM generate_series(1, ", count,
        ") AS n; "
        "INSERT INTO fairway.price_series SELECT id, 1, 2, 0, 1, '{2021-01-01}', '{7}' "
        "  FROM fairway.batches WHERE batch_id LIKE '",
        prefix,
        "%'; "
        "INSERT INTO fairway.batch_errors SELECT id, 0, 3, 'price', 'PRICE_OUT_OF_RANGE', '0' "
        "  FROM fairway.batches WHERE batch_id LIKE '",
        prefix, "%'"));
  }
  void InsertDueLooks(absl::string_view end_age) {
    Sql(absl::StrCat("INSERT INTO fairway.ended_attempts SELECT id, now() - interval '", end_age,
                     "', create_time FROM fairway.batches"));
  }
  std::unique_ptr<postgres::CopySession> OtherSession() {
    return postgres::CopySession::Open(database_.options(), Soon()).value();
  }

  TestDatabase database_ = MigratedDatabase();
  const postgres::ConnectionOptions ingest_ = testing::AsIngest(database_.options());
  postgres::Pool pool_{{.connection = ingest_, .connections_max = 4}};
  PostgresBatchStore store_{&pool_, ingest_};
};

TEST_F(AttemptCleanupTest, AttemptsOfEveryEndAreForgottenWithAllTheyLeftAfterAMonth) {
  for (const char* const state : {"FAILED", "CANCELLED", "EXPIRED"}) {
    InsertEnded(1, state, "720 hours", absl::StrCat("old-", state));
    InsertEnded(1, state, "719 hours 55 minutes", absl::StrCat("young-", state));
  }
  Sql("INSERT INTO fairway.batches (partner, batch_id, state, label, create_time, "
      "  committed_version, reverted_version) VALUES "
      "('acme', 'taken-back', 'REVERTED', '', now() - interval '1 year', 1, 2)");
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Ids(), "taken-back young-CANCELLED1 young-EXPIRED1 young-FAILED1");
  EXPECT_EQ(Count("fairway.price_series"), 3);
  EXPECT_EQ(Count("fairway.batch_errors"), 3);
}

TEST_F(AttemptCleanupTest, ForgetsTheOldestFirstAndABoundedPart) {
  InsertEnded(501, "FAILED", "31 days");
  Sql("ANALYZE fairway.batches");
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Ids(), "b1");
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.batches"), 0);
}

TEST_F(AttemptCleanupTest, LooksForLatePricesOfABoundedPartTheLongestDueFirst) {
  InsertEnded(501, "FAILED", "1 day");
  InsertDueLooks("1 minute");
  Sql("ANALYZE fairway.ended_attempts");
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Ids("id IN (SELECT batch FROM fairway.price_series)"), "b1");
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.price_series"), 0);
}

TEST_F(AttemptCleanupTest, LooksAgainAfterAMinuteAtLeastAndForADay) {
  InsertEnded(3, "FAILED", "1 day");
  InsertDueLooks("0 minutes");
  Sql("UPDATE fairway.ended_attempts SET end_time = now() - CASE batch WHEN 1 THEN interval '0' "
      "WHEN 2 THEN interval '23 hours 59 minutes' ELSE interval '24 hours 1 minute' END");
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Count("fairway.ended_attempts"), 2);
  EXPECT_NEAR(QueryInt(database_.options(),
                       "SELECT extract(epoch FROM look_time - end_time)::int "
                       "FROM fairway.ended_attempts WHERE batch = 1"),
              60, 30);
}

// Another sweep is at work on these rows, or a new attempt is about to replace them.
TEST_F(AttemptCleanupTest, SkipsWhatOthersHoldAndDoesTheRest) {
  InsertEnded(2, "FAILED", "31 days", "old");
  InsertEnded(2, "FAILED", "1 day", "late");
  InsertDueLooks("1 minute");
  Sql("INSERT INTO fairway.batches (partner, batch_id, state, label, create_time, error_count, "
      "  bad_row_count, stored_error_count) SELECT 'other', 'many' || n, 'FAILED', '', now(), "
      "  100000, 1, 100000 FROM generate_series(1, 3) AS n");
  const auto other = OtherSession();
  FAIRWAY_ASSERT_OK(other->Execute(
      "BEGIN; SELECT FROM fairway.batches WHERE batch_id IN ('old1', 'many1') FOR UPDATE;"
      "SELECT FROM fairway.ended_attempts WHERE batch = "
      "  (SELECT id FROM fairway.batches WHERE batch_id = 'late1') FOR UPDATE"));
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Ids("batch_id LIKE 'old%'"), "old1");
  EXPECT_EQ(Ids("batch_id LIKE 'late%' AND id IN (SELECT batch FROM fairway.price_series)"),
            "late1");
  EXPECT_EQ(Ids("stored_error_count = 0"), "many2") << "the newest keeps its share";
  FAIRWAY_ASSERT_OK(other->Execute("ROLLBACK"));
  EXPECT_THAT(Sweep(), IsOkAndHolds(0));
  EXPECT_EQ(Ids("batch_id LIKE 'old%'"), "");
  EXPECT_EQ(Count("fairway.price_series"), 0);
  EXPECT_EQ(Ids("stored_error_count = 0"), "many1 many2");
}

TEST_F(AttemptCleanupTest, AStepThatFailsIsLoggedAndStopsNoOther) {
  InsertEnded(1, "FAILED", "31 days", "old");
  InsertEnded(1, "FAILED", "1 day", "late");
  InsertDueLooks("1 minute");
  Sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "  RAISE EXCEPTION 'no look today'; END $$;"
      "CREATE TRIGGER refuse BEFORE UPDATE ON fairway.ended_attempts FOR EACH ROW "
      "  EXECUTE FUNCTION refuse()");
  EXPECT_THAT(CauseOf(Sweep().status()), HasSubstr("no look today"));
  EXPECT_EQ(Ids(), "late1");
}

TEST_F(AttemptCleanupTest, AnAttemptThatCannotBeEndedStopsNoCleanup) {
  InsertEnded(1, "FAILED", "31 days", "old");
  InsertEnded(1, "RECEIVING", "1 hour", "dead");
  Sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "  RAISE EXCEPTION 'not this one'; END $$;"
      "CREATE TRIGGER refuse BEFORE UPDATE ON fairway.batches FOR EACH ROW "
      "  EXECUTE FUNCTION refuse()");
  EXPECT_THAT(CauseOf(Sweep().status()), HasSubstr("not this one"));
  EXPECT_EQ(Ids(), "dead1");
}

TEST_F(AttemptCleanupTest, AnAttemptExpiresAfterADayToTheMinute) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim younger, store_.Claim({"acme", "1"}, "", Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim older, store_.Claim({"acme", "2"}, "", Soon()));
  Sql("UPDATE fairway.batches SET create_time = now() - CASE batch_id WHEN '1' "
      "THEN interval '23 hours 55 minutes' ELSE interval '24 hours 1 second' END");
  EXPECT_THAT(Sweep(), IsOkAndHolds(1));
  EXPECT_EQ(Ids("state = 'RECEIVING'"), "1");
  EXPECT_EQ(Ids("state = 'EXPIRED' AND failure_message LIKE '%within 24h;%'"), "2");
}

}  // namespace
}  // namespace fairway
