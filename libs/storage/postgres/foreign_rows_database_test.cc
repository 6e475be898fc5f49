#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/series/series_run_builder.h"
#include "libs/storage/postgres/migrator.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_commit_log.h"
#include "libs/storage/postgres/postgres_dataset_source.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

// Rows that a later release wrote, or nobody: every reader returns an error that says what it
// found, and stops nothing else.
namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::MigratedDatabase;
using ::fairway::testing::StatusIs;
using ::fairway::testing::TestDatabase;
using ::testing::HasSubstr;

const BatchKey kCommitted = {"acme", "batch-1"};
const BatchKey kFailed = {"acme", "batch-2"};

// Two ports, a committed batch of two prices, and a failed one.
class ForeignRowsTest : public ::testing::Test {
 protected:
  static Day FirstDay() { return std::chrono::year(2021) / 1 / 1; }

  ForeignRowsTest() {
    const auto port = [](absl::string_view code) {
      return Port{.code = *PortCode::Parse(code), .name = "A port", .parent = "world"};
    };
    FAIRWAY_EXPECT_OK(locations_.Import(
        {.regions = {{"world", "World", std::nullopt}}, .ports = {port("CNSHA"), port("NLRTM")}},
        Soon()));
    const auto tree = *locations_.ReadTree(Soon());
    SeriesRunBuilder builder;
    lane_ = {tree->FindPort("CNSHA")->id, tree->FindPort("NLRTM")->id};
    builder.Add(lane_, FirstDay(), 100);
    builder.Add(lane_, FirstDay(), 200);
    SeriesRun run;
    builder.TakeInto(run);
    auto committed = batches_.Claim(kCommitted, "", Soon());
    FAIRWAY_EXPECT_OK(committed);
    FAIRWAY_EXPECT_OK(committed->writer->Append(run));
    FAIRWAY_EXPECT_OK(committed->writer->Commit(
        {.row_count = 2, .lane_count = 1, .days = DayRange{FirstDay(), FirstDay()}},
        tree->version()));
    auto failed = batches_.Claim(kFailed, "", Soon());
    FAIRWAY_EXPECT_OK(failed);
    FAIRWAY_EXPECT_OK(failed->writer->End(
        BatchState::kFailed, absl::UnknownError("x"), {},
        {.error_count = 1,
         .bad_row_count = 1,
         .first_errors = {RowError{.row_index = 3, .field = "price", .value = "0"}}}));
  }

  void Sql(absl::string_view sql) { Execute(database_.options(), sql); }
  // Whatever a later release may have dropped.
  void DropConstraints() {
    Sql("ALTER TABLE fairway.batches DROP CONSTRAINT batches_state_check, "
        "  DROP CONSTRAINT batches_check, DROP CONSTRAINT batches_check1, "
        "  ALTER create_time DROP NOT NULL, ALTER row_count DROP NOT NULL, "
        "  ALTER error_counts DROP NOT NULL;"
        "ALTER TABLE fairway.batch_errors ALTER row_index DROP NOT NULL;"
        "ALTER TABLE fairway.commits DROP CONSTRAINT commits_kind_check, "
        "  ALTER commit_time DROP NOT NULL;"
        "ALTER TABLE fairway.dataset ALTER version DROP NOT NULL;"
        "ALTER TABLE fairway.price_series ALTER days DROP NOT NULL, ALTER prices DROP NOT NULL;");
  }
  // Runs `check` with `sql` in place and takes back what it did to `table`.
  template <typename Check>
  void With(absl::string_view table, absl::string_view sql, Check check) {
    SCOPED_TRACE(sql);
    Sql(absl::StrCat("CREATE TABLE kept AS TABLE fairway.", table, ";", sql));
    check();
    Sql(absl::StrCat("TRUNCATE fairway.", table, "; INSERT INTO fairway.", table,
                     " TABLE kept; DROP TABLE kept"));
  }
  static void ExpectUnreadable(const absl::Status& status, const std::string& found) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
    EXPECT_THAT(absl::StrCat(status.message(), " ", CauseOf(status)), HasSubstr(found));
  }

  // The series of the committed batch, as the price book reads them.
  absl::Status ReadSeries() {
    const auto count = [](const Series&) { return absl::OkStatus(); };
    const auto state = source_.ReadState(Soon());
    if (!state.ok()) return state.status();
    const auto reader = source_.OpenReader(state->version, Soon());
    if (!reader.ok()) return reader.status();
    const absl::Status by_batch = (*reader)->ReadBatch(1, count);
    const auto other_reader = source_.OpenReader(state->version, Soon());
    if (!other_reader.ok()) return other_reader.status();
    const absl::Status by_origin =
        (*other_reader)->ReadOrigin(state->version.number, lane_.origin, count);
    EXPECT_EQ(by_batch.ok(), by_origin.ok()) << by_batch << by_origin;
    return by_batch;
  }
  // The same by SQL.
  absl::Status ReadRates() {
    const auto snapshot = rates_.Snapshot(NewestHeld{}, Soon());
    if (!snapshot.ok()) return snapshot.status();
    return (*snapshot)
        ->ReadDailyRates({.origin = "CNSHA",
                          .destination = "NLRTM",
                          .days = {FirstDay(), FirstDay()},
                          .with_percentiles = true,
                          .min_price_count = 1},
                         Soon())
        .status();
  }
  absl::Status ReadCommits() { return commits_.ReadCommits({0}, 10, 10, Soon()).status(); }
  // Not the cache of another one.
  absl::Status ReadTree() { return PostgresLocationStore(&pool_).ReadTree(Soon()).status(); }

  TestDatabase database_ = MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  PostgresLocationStore locations_{&pool_};
  PostgresBatchStore batches_{&pool_, database_.options()};
  PostgresRateReader rates_{&pool_};
  PostgresDatasetSource source_{&pool_, database_.options()};
  PostgresCommitLog commits_{&pool_};
  Lane lane_;
};

TEST_F(ForeignRowsTest, Batches) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("batches", absl::StrCat("UPDATE fairway.batches SET ", change), [&] {
      ExpectUnreadable(batches_.Get(kFailed, Soon()).status(), found);
      ExpectUnreadable(batches_.List({}, std::nullopt, 10, Soon()).status(), found);
      ExpectUnreadable(batches_.ListErrors(kFailed, std::nullopt, 10, Soon()).status(), found);
      ExpectUnreadable(batches_.Claim(kFailed, "", Soon()).status(), found);
      ExpectUnreadable(ReadCommits(), found);
    });
  };
  expect_unreadable("state = 'ARCHIVED'", "ARCHIVED");
  expect_unreadable("state = 'COMMITTED', committed_version = NULL", "without a committed");
  expect_unreadable("state = 'REVERTED', committed_version = id", "without a reverted");
  expect_unreadable("state = 'FAILED', committed_version = id", "FAILED with a committed");
  expect_unreadable("create_time = NULL", "null");
  expect_unreadable("create_time = 'infinity'", "");
  expect_unreadable("row_count = NULL", "null");
  expect_unreadable("first_day = '0001-01-01', last_day = '2021-01-01'", "days -719162 to");
  expect_unreadable("first_day = '2021-01-01', last_day = '5874897-12-31'", "18628 to 214");
  expect_unreadable("first_day = '2021-01-02', last_day = '2021-01-01'", "days 18629 to 18628");
  expect_unreadable("error_counts = '{1,NULL}'", "{1,NULL}");
  expect_unreadable("error_counts = '{{1},{2}}'", "{{1},{2}}");
  expect_unreadable("error_counts = NULL", "error counts");
  EXPECT_THAT(batches_.Get(kFailed, Soon()), testing::IsOk());
}

TEST_F(ForeignRowsTest, ErrorsOfReasonsThatAreUnknownStillCount) {
  Sql("UPDATE fairway.batches SET error_counts = '{1,2,3,4,5,6,7,8,9,10,11}', error_count = 66 "
      "WHERE state = 'FAILED'");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchRecord record, batches_.Get(kFailed, Soon()));
  EXPECT_EQ(record.error_count, 66);
  EXPECT_EQ(record.error_count_by_reason[kRowErrorReasonCount - 1], kRowErrorReasonCount);
}

TEST_F(ForeignRowsTest, RowErrors) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("batch_errors", absl::StrCat("UPDATE fairway.batch_errors SET ", change), [&] {
      ExpectUnreadable(batches_.ListErrors(kFailed, std::nullopt, 10, Soon()).status(), found);
      EXPECT_THAT(batches_.Get(kFailed, Soon()), testing::IsOk());
    });
  };
  expect_unreadable("reason = 'NOT_INVENTED_YET'", "NOT_INVENTED_YET");
  expect_unreadable("reason = ''", "the reason ,");
  expect_unreadable("row_index = NULL", "null");
}

TEST_F(ForeignRowsTest, Locations) {
  for (const char* const code : {"cnsha", "CNSHAX", ""}) {
    Sql(absl::StrCat("UPDATE fairway.ports SET code = '", code, "' WHERE id = ", lane_.origin));
    const std::string found = absl::StrCat("\"", code, "\" is no port code");
    ExpectUnreadable(ReadTree(), found);
    EXPECT_EQ(ReasonOf(ReadTree()), "STORED_LOCATIONS_INVALID");
    ExpectUnreadable(
        locations_.Import({.regions = {{"new", "New", std::nullopt}}}, Soon()).status(), found);
    ExpectUnreadable(ReadCommits(), found);
  }
  Sql("UPDATE fairway.ports SET code = 'CNSHA' WHERE code = ''");
  FAIRWAY_EXPECT_OK(ReadTree());
  Sql("UPDATE fairway.regions SET slug = 'No Slug'");
  ExpectUnreadable(ReadTree(), "No Slug");
  Sql("UPDATE fairway.regions SET slug = 'world', parent = id");
  ExpectUnreadable(ReadTree(), "world");
}

TEST_F(ForeignRowsTest, Series) {
  DropConstraints();
  FAIRWAY_ASSERT_OK(ReadSeries());
  FAIRWAY_ASSERT_OK(ReadRates());
  const auto with = [&](absl::string_view change, auto check) {
    With("price_series", absl::StrCat("UPDATE fairway.price_series SET ", change), check);
  };
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    with(change, [&] { ExpectUnreadable(ReadSeries(), found); });
  };
  expect_unreadable("prices = '{100}'", "2 days and 1 prices");
  expect_unreadable("prices = '{1,2,3}'", "2 days and 3 prices");
  expect_unreadable("prices = NULL", "another form");
  expect_unreadable("days = NULL", "another form");
  expect_unreadable("prices = '{1,NULL}'", "another form");
  expect_unreadable("days = '{2021-01-01,NULL}'", "another form");
  expect_unreadable("prices = '{{1},{2}}'", "another form");
  expect_unreadable("days = '{1989-12-31,2021-01-01}'", "the days 7304 to 18628");
  expect_unreadable("days = '{2021-01-01,2101-01-01}'", "the days 18628 to 47847");
  expect_unreadable("days = '{-infinity,2021-01-01}'", "the days -");
  expect_unreadable("days = '{2021-01-01,infinity}'", "the days -");
  expect_unreadable("prices = '{0,100}'", "prices of 0 to 100");
  expect_unreadable("prices = '{-1,100}'", "prices of -1 to 100");
  expect_unreadable("prices = '{1,10000001}'", "prices of 1 to 10000001");
  with("days = '{1990-01-01,2100-12-31}', prices = '{1,10000000}'",
       [&] { FAIRWAY_EXPECT_OK(ReadSeries()); });
  with("days = '{}', prices = '{}'", [&] { FAIRWAY_EXPECT_OK(ReadSeries()); });

  const auto expect_uneven = [&](absl::string_view change) {
    with(change, [&] { ExpectUnreadable(ReadRates(), "more days than prices"); });
  };
  expect_uneven("prices = '{100}'");
  expect_uneven("prices = '{1,2,3}'");
  expect_uneven("prices = '{1,NULL}'");
  expect_uneven("days = '{2021-01-01,NULL}'");
  with("days = '{2021-01-01,infinity}'", [&] { FAIRWAY_EXPECT_OK(ReadRates()); });
}

TEST_F(ForeignRowsTest, Commits) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("commits", absl::StrCat("UPDATE fairway.commits SET ", change, " WHERE version = 2"),
         [&] { ExpectUnreadable(ReadCommits(), found); });
  };
  expect_unreadable("kind = 'SPLIT'", "SPLIT");
  expect_unreadable("kind = ''", "the kind ,");
  expect_unreadable("commit_time = NULL", "null");
  expect_unreadable("commit_time = 'infinity'", "");
  expect_unreadable("batch = 999", "version 2 names the batch 999");
  FAIRWAY_EXPECT_OK(ReadCommits());
}

TEST_F(ForeignRowsTest, Versions) {
  DropConstraints();
  const auto expect_unreadable = [&](absl::string_view change, const std::string& found) {
    With("dataset", change, [&] {
      ExpectUnreadable(source_.ReadState(Soon()).status(), found);
      ExpectUnreadable(source_.ReadChanges({0}, Soon()).status(), found);
      ExpectUnreadable(ReadRates(), found);
      ExpectUnreadable(rates_.ReadDataset(Soon()).status(), found);
      ExpectUnreadable(ReadTree(), found);
      ExpectUnreadable(ReadCommits(), found);
      ExpectUnreadable(
          locations_.Import({.regions = {{"new", "New", std::nullopt}}}, Soon()).status(), found);
    });
  };
  expect_unreadable("DELETE FROM fairway.dataset", "0 rows instead of one");
  expect_unreadable("UPDATE fairway.dataset SET version = NULL", "null");
  FAIRWAY_EXPECT_OK(ReadRates());
}

TEST_F(ForeignRowsTest, ACommitWithoutADatasetRow) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, batches_.Claim(kFailed, "", Soon()));
  const VersionId locations = (*locations_.ReadTree(Soon()))->version();
  Sql("DELETE FROM fairway.dataset");
  ExpectUnreadable(claim.writer->Commit({}, locations).status(), "0 rows instead of one");
}

TEST_F(ForeignRowsTest, Migrations) {
  Sql("ALTER TABLE fairway.schema_migrations ALTER number TYPE bigint, "
      "ALTER checksum DROP NOT NULL");
  Sql("INSERT INTO fairway.schema_migrations (number, name) VALUES (3000000000, 'later')");
  FAIRWAY_EXPECT_OK(CheckSchema(pool_, Soon()));
  EXPECT_THAT(Migrate(pool_, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("3000000000")));
  Sql("DELETE FROM fairway.schema_migrations WHERE number = 3000000000;"
      "UPDATE fairway.schema_migrations SET checksum = NULL WHERE number = 2");
  EXPECT_THAT(Migrate(pool_, Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("0002_batches")));
  Sql("ALTER TABLE fairway.schema_migrations DROP CONSTRAINT schema_migrations_pkey, "
      "ALTER number DROP NOT NULL; UPDATE fairway.schema_migrations SET number = NULL "
      "WHERE number = 3");
  EXPECT_THAT(Migrate(pool_, Soon()), StatusIs(absl::StatusCode::kInternal, HasSubstr("null")));
}

}  // namespace
}  // namespace fairway
