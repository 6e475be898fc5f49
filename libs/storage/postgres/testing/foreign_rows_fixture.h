#pragma once

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/series/series_run_builder.h"
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

// Two ports, a committed batch of two prices, and a failed one.
class ForeignRowsFixture : public ::testing::Test {
 protected:
  static inline const BatchKey kCommitted = {"acme", "batch-1"};
  static inline const BatchKey kFailed = {"acme", "batch-2"};
  static Day FirstDay() { return std::chrono::year(2021) / 1 / 1; }

  ForeignRowsFixture() {
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

  void Sql(absl::string_view sql) { testing::Execute(database_.options(), sql); }
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
    EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInternal));
    EXPECT_THAT(absl::StrCat(status.message(), " ", CauseOf(status)), ::testing::HasSubstr(found));
  }

  // The series of the committed batch, as the price book reads them.
  absl::Status ReadSeries() {
    const auto count = [](const Series&) { return absl::OkStatus(); };
    const auto state = source_.ReadState(Soon());
    if (!state.ok()) return state.status();
    const auto reader = source_.OpenReader(state->version, Soon());
    if (!reader.ok()) return reader.status();
    const absl::Status by_batch = (*reader)->ReadBatch(1, {}, count);
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

  testing::TestDatabase database_ = testing::MigratedDatabase();
  const postgres::ConnectionOptions ingest_ = testing::AsIngest(database_.options());
  const postgres::ConnectionOptions query_ = testing::AsQuery(database_.options());
  postgres::Pool pool_{{.connection = ingest_, .connections_max = 4}};
  postgres::Pool query_pool_{{.connection = query_, .connections_max = 4}};
  PostgresLocationStore locations_{&pool_};
  PostgresBatchStore batches_{&pool_, ingest_};
  PostgresRateReader rates_{&query_pool_};
  PostgresDatasetSource source_{&query_pool_, query_};
  PostgresCommitLog commits_{&query_pool_};
  Lane lane_;
};

}  // namespace fairway
