#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/series/series_run_builder.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

namespace fairway {

// A store, and attempts that end in one way or another.
class AttemptFixture : public ::testing::Test {
 protected:
  // Three series.
  static SeriesRun Run() {
    SeriesRunBuilder builder;
    for (int i = 0; i < 30; ++i) {
      builder.Add({1 + i % 3, 2}, std::chrono::year(2021) / 1 / (1 + i % 31), 1 + i);
    }
    SeriesRun run;
    builder.TakeInto(run);
    return run;
  }
  static BatchContent Content() {
    return {.row_count = 30,
            .lane_count = 3,
            .days = DayRange{std::chrono::year(2021) / 1 / 1, std::chrono::year(2021) / 1 / 30},
            .digest = "a-digest"};
  }
  static RowErrorSummary OneError() {
    RowErrorSummary errors{.error_count = 1, .bad_row_count = 1};
    errors.first_errors.push_back({.row_index = 7, .field = "price", .value = "0"});
    return errors;
  }

  BatchClaim Claim(const BatchKey& key, absl::Time deadline = Soon()) {
    auto claim = store_.Claim(key, "", deadline);
    FAIRWAY_EXPECT_OK(claim);
    return *std::move(claim);
  }
  void Fail(const BatchKey& key) {
    const BatchClaim claim = Claim(key);
    FAIRWAY_ASSERT_OK(
        claim.writer->End(BatchState::kFailed, CancelledError(), Content(), OneError()));
  }
  // Ends the attempt as its process would: without a word.
  void Abandon(const BatchKey& key) {
    BatchClaim claim = Claim(key);
    FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
    claim.writer.reset();
    while (Locks() > 0) std::this_thread::yield();  // Until the server has noticed.
  }
  void Sql(absl::string_view sql) { testing::Execute(database_.options(), sql); }
  int64_t Count(absl::string_view from) {
    return testing::QueryInt(database_.options(), absl::StrCat("SELECT count(*) FROM ", from));
  }
  int64_t Locks() {
    return Count(
        "pg_locks WHERE locktype = 'advisory' AND database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database())");
  }
  std::string StateOf(const BatchKey& key) {
    return testing::QueryText(database_.options(),
                              absl::StrCat("SELECT state FROM fairway.batches WHERE partner = '",
                                           key.partner, "' AND batch_id = '", key.batch_id, "'"));
  }

  testing::TestDatabase database_ = testing::MigratedDatabase();
  const postgres::ConnectionOptions ingest_ = testing::AsIngest(database_.options());
  postgres::Pool pool_{{.connection = ingest_, .connections_max = 4}};
  PostgresBatchStore store_{&pool_, ingest_};
  const VersionId locations_ = PostgresLocationStore(&pool_).ReadTree(Soon()).value()->version();
};

}  // namespace fairway
