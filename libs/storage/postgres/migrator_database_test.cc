#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/postgres/migrator.h"
#include "tests/support/queries.h"
#include "tests/support/test_database.h"

namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::QueryInt;
using ::fairway::testing::QueryText;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;
using ::testing::AnyOf;
using ::testing::HasSubstr;

class MigratorTest : public ::testing::Test {
 protected:
  // When another session was asked something last.
  std::string LastQuestion() {
    return QueryText(database_.options(),
                     "SELECT max(query_start) FROM pg_stat_activity WHERE "
                     "datname = current_database() AND query NOT LIKE '%pg_stat_activity%'");
  }

  TestDatabase database_;
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
};

TEST(MigrationsTest, AreNumberedWithoutGaps) {
  int number = 0;
  for (const Migration& migration : Migrations()) {
    EXPECT_EQ(migration.number, ++number);
    EXPECT_THAT(std::string(migration.sql), AnyOf(HasSubstr("CREATE"), HasSubstr("ALTER")));
  }
  EXPECT_GE(number, 3);
}

// Of those that were released: databases remember them, and CheckUnchanged() would refuse what was
// changed. A new migration is added here when it is released.
TEST_F(MigratorTest, ReleasedMigrationsStayAsTheyAre) {
  FAIRWAY_ASSERT_OK(Migrate(pool_, Soon()));
  EXPECT_EQ(
      testing::Query(database_.options(),
                     "SELECT name, checksum FROM fairway.schema_migrations "
                     "WHERE number <= 9 ORDER BY number"),
      (std::vector<std::string>{"(0001_dataset_and_locations,e870cf47d94132d577050f39336e317b)",
                                "(0002_batches,34833036853841582f039e7d0785ca8b)",
                                "(0003_compatibility_views,27aedac1372f7eed6e45487988205688)",
                                "(0004_commits,a5ba85a3e3f92e95f7258b72fc466992)",
                                "(0005_reverted_batches,8ff27079cd36550dc2fad45966ecdb7b)",
                                "(0006_version_identities,e4fc92a733613f3904c2f4b19a743c93)",
                                "(0007_ended_attempts,31f75a6b543b50739a87fd95c7601f0d)",
                                "(0008_row_error_shares,42c7553df5ab5104e17a4b9c96e17e25)",
                                "(0009_series_statistics,1281a536efb360da43117c2791120433)"}));
}

TEST_F(MigratorTest, AppliesEverythingOnce) {
  EXPECT_THAT(CheckSchema(pool_, kQueryRole, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("fairway migrate")));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const MigrationReport first, Migrate(pool_, Soon()));
  EXPECT_EQ(first.applied.size(), Migrations().size());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const MigrationReport second, Migrate(pool_, Soon()));
  EXPECT_TRUE(second.applied.empty());
  EXPECT_EQ(second.schema_number, first.schema_number);
  FAIRWAY_EXPECT_OK(CheckSchema(pool_, kQueryRole, Soon()));
  EXPECT_EQ(QueryInt(database_.options(), "SELECT version FROM fairway.dataset"), 0);
}

TEST_F(MigratorTest, OneMigrationLessIsTooLittle) {
  FAIRWAY_ASSERT_OK(Migrate(pool_, Soon()));
  Execute(database_.options(),
          "DELETE FROM fairway.schema_migrations WHERE number = "
          "(SELECT max(number) FROM fairway.schema_migrations)");
  EXPECT_THAT(CheckSchema(pool_, kQueryRole, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(MigratorTest, ManyAtOnceApplyEachStepOnce) {
  std::vector<size_t> applied(4);
  std::vector<std::thread> threads;
  for (size_t& count : applied) {
    threads.emplace_back([&] {
      FAIRWAY_ASSERT_OK_AND_ASSIGN(const MigrationReport report, Migrate(pool_, Soon()));
      count = report.applied.size();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied[0] + applied[1] + applied[2] + applied[3], Migrations().size());
}

TEST_F(MigratorTest, AServiceMayWaitForItsSchema) {
  const std::stop_source stop;
  absl::Notification waiting;
  std::thread service([&] {
    EXPECT_TRUE(AwaitSchema(pool_, kIngestRole, stop.get_token(), [&](const absl::Status& why) {
      EXPECT_THAT(why, StatusIs(absl::StatusCode::kFailedPrecondition));
      waiting.Notify();
    }));
  });
  waiting.WaitForNotification();
  // It looks again and says nothing new, with half a second after the three commands of each look.
  const absl::Time start = absl::Now();
  const std::string first_question = LastQuestion();
  EXPECT_TRUE(Eventually([&] { return LastQuestion() != first_question; }));
  std::set<std::string> questions;
  for (int i = 0; i < 40; ++i) questions.insert(LastQuestion());
  EXPECT_LE(questions.size(), 3 * (2 + (absl::Now() - start) / absl::Milliseconds(500)));
  FAIRWAY_EXPECT_OK(Migrate(pool_, Soon()));
  service.join();
}

TEST_F(MigratorTest, AServiceThatIsStoppedWaitsNoLonger) {
  std::stop_source stop;
  EXPECT_FALSE(AwaitSchema(pool_, kIngestRole, stop.get_token(),
                           [&](const absl::Status&) { stop.request_stop(); }));
}

TEST_F(MigratorTest, VersionsOfAnEarlierReleaseGetIdentities) {
  Execute(database_.options(), "CREATE SCHEMA fairway");
  for (const Migration& migration : Migrations()) {
    if (migration.number == 6) {
      Execute(database_.options(),
              "INSERT INTO fairway.commits (version, kind, commit_time) "
              "SELECT number, 'LOCATIONS', now() FROM generate_series(1, 100) AS number");
    }
    Execute(database_.options(), migration.sql);
  }
  // The services of that release go on for a while.
  Execute(database_.options(),
          "INSERT INTO fairway.commits (version, kind, commit_time) VALUES (101, 'COMMIT', now())");
  EXPECT_EQ(QueryInt(database_.options(),
                     "SELECT count(DISTINCT fairway.version_identity(number)) "
                     "FROM generate_series(0, 101) AS number"),
            102);
  EXPECT_EQ(QueryInt(database_.options(), "SELECT fairway.version_identity(102)"), 0);
}

TEST_F(MigratorTest, RefusesAChangedMigration) {
  FAIRWAY_ASSERT_OK(Migrate(pool_, Soon()));
  Execute(database_.options(),
          "UPDATE fairway.schema_migrations SET checksum = 'other' WHERE number = 2");
  EXPECT_THAT(Migrate(pool_, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("0002_batches")));
}

TEST_F(MigratorTest, RefusesTheDatabaseOfALaterRelease) {
  FAIRWAY_ASSERT_OK(Migrate(pool_, Soon()));
  Execute(database_.options(),
          "INSERT INTO fairway.schema_migrations (number, name, checksum) "
          "SELECT max(number) + 1, 'x', 'y' FROM fairway.schema_migrations");
  EXPECT_THAT(Migrate(pool_, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("later release")));
  FAIRWAY_EXPECT_OK(CheckSchema(pool_, kQueryRole, Soon())) << "an older service goes on serving";
}

TEST_F(MigratorTest, RefusesToReplaceTablesOfTheReferenceSchema) {
  for (const char* const table : {"regions", "ports", "prices"}) {
    Execute(database_.options(), absl::StrCat("DROP TABLE IF EXISTS regions, ports; CREATE TABLE ",
                                              table, " (orig_code text)"));
    EXPECT_THAT(Migrate(pool_, Soon()), StatusIs(absl::StatusCode::kFailedPrecondition,
                                                 HasSubstr(absl::StrCat("public.", table))));
  }
  EXPECT_EQ(
      QueryText(database_.options(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'fairway'"),
      "0")
      << "and leaves nothing behind";
}

}  // namespace
}  // namespace fairway
