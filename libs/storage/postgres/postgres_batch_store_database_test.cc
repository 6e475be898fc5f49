#include <pqxx/connection>
#include <pqxx/notification>
#include <pqxx/transaction_base>

#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/claim_lock.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_commit_log.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/testing/batch_store_fixture.h"
#include "libs/storage/postgres/version_rows.h"
#include "tests/support/queries.h"

// What the contract suite cannot ask of a store without knowing that it is PostgreSQL.
namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::QueryInt;
using ::fairway::testing::QueryText;
using ::fairway::testing::StatusIs;

TEST_F(PostgresBatchStoreTest, ReadingPurgedCommitsIsAnError) {
  for (const char* id : {"batch-1", "batch-2", "batch-3"}) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim({"acme", id}, "", Soon()));
    FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
    FAIRWAY_ASSERT_OK(claim.writer->Commit(Content(), locations_));
  }
  Execute(database_.options(), "DELETE FROM fairway.commits WHERE version = 1");
  PostgresCommitLog log(&pool_);
  const absl::Status status = log.ReadCommits({0}, 3, 10, Soon()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_EQ(ReasonOf(status), reasons::kVersionPurged);
  FAIRWAY_EXPECT_OK(log.ReadCommits({1}, 3, 10, Soon()));
}

// Not that of its transaction's begin: a commit that waits for another one comes after it.
TEST_F(PostgresBatchStoreTest, AVersionHasTheTimeOfItsCommit) {
  const auto make = [](pqxx::transaction_base& tx) -> absl::Status {
    const absl::Time begun = absl::FromUnixMicros(
        tx.exec1("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0]
            .as<int64_t>());
    ASSIGN_OR_RETURN(const MadeVersion made,
                     MakeNextVersion(tx, CommitKind::kLocations, std::nullopt));
    EXPECT_GE(made.time, begun);
    return absl::OkStatus();
  };
  FAIRWAY_EXPECT_OK(postgres::RunTransaction(pool_, {}, make));
}

TEST_F(PostgresBatchStoreTest, LongSeriesAreCompressedAndTheirValuesNotCounted) {
  SeriesRunBuilder builder;
  for (int i = 0; i < 4000; ++i) builder.Add({1, 2}, January(1 + i % 31), 1 + i);
  SeriesRun run;
  builder.TakeInto(run);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->Append(run));
  FAIRWAY_ASSERT_OK(claim.writer->Commit(Content(4000), locations_));
  EXPECT_EQ(QueryText(database_.options(),
                      "SELECT pg_column_compression(days) FROM fairway.price_series"),
            "lz4");
  Execute(database_.options(), "ANALYZE fairway.price_series");
  EXPECT_EQ(QueryText(database_.options(),
                      "SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_stats "
                      "WHERE schemaname = 'fairway' AND tablename = 'price_series'"),
            "batch,destination,origin,price_count,run");
}

TEST_F(PostgresBatchStoreTest, CommitsAreReadInOrderHoweverTheyAreStored) {
  for (const char* id : {"batch-1", "batch-2", "batch-3"}) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim({"acme", id}, "", Soon()));
    FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
    FAIRWAY_ASSERT_OK(claim.writer->Commit(Content(), locations_));
  }
  Execute(database_.options(),
          "CREATE TABLE moved AS SELECT * FROM fairway.commits WHERE version IN (1, 2);"
          "DELETE FROM fairway.commits WHERE version IN (1, 2);"
          "INSERT INTO fairway.commits SELECT * FROM moved ORDER BY version DESC");
  PostgresCommitLog log(&pool_);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const CommitPage page, log.ReadCommits({0}, 3, 10, Soon()));
  ASSERT_EQ(page.commits.size(), 3);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(page.commits[i].version.number, i + 1);
}

// Each would hold together alone. Both wait for the lock when it is let go.
TEST_F(PostgresBatchStoreTest, ImportsThatWouldMakeACycleTogetherFollowEachOther) {
  PostgresLocationStore locations(&pool_);
  FAIRWAY_ASSERT_OK(locations.Import(
      {.regions = {{"one", "One", std::nullopt}, {"two", "Two", std::nullopt}}}, Soon()));
  const auto holder = postgres::CopySession::Open(database_.options(), Soon()).value();
  FAIRWAY_ASSERT_OK(holder->Execute("BEGIN; SELECT FROM fairway.dataset FOR UPDATE"));
  const auto import = [&](const char* region, const char* parent) {
    return std::async(std::launch::async, [&locations, region, parent] {
      return locations.Import({.regions = {{region, "A region", parent}}}, Soon()).status();
    });
  };
  auto first = import("one", "two");
  auto second = import("two", "one");
  while (QueryInt(database_.options(),
                  "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                  "AND datname = current_database()") < 2) {
  }
  FAIRWAY_ASSERT_OK(holder->Execute("COMMIT"));
  EXPECT_NE(first.get().ok(), second.get().ok());
  FAIRWAY_EXPECT_OK(locations.ReadTree(Soon()));
}

// The server frees the lock of an attempt shortly after the attempt was reported to have ended:
// here, when the test lets go of it.
TEST_F(PostgresBatchStoreTest, AnEndedAttemptMayHoldItsLockAMomentLonger) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim claim, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->End(BatchState::kCancelled, CancelledError(), {}, {}));
  claim.writer.reset();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(auto holder,
                               postgres::CopySession::Open(database_.options(), Soon()));
  FAIRWAY_ASSERT_OK(
      holder->Execute(absl::StrCat("SELECT pg_advisory_lock(", ClaimLock(key_), ")")));
  auto again = std::async(std::launch::async, [&] { return store_.Claim(key_, "", Soon()); });
  while (QueryInt(database_.options(), "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0 &&
         again.wait_for(std::chrono::seconds(0)) == std::future_status::timeout) {
    std::this_thread::yield();
  }
  holder.reset();
  FAIRWAY_EXPECT_OK(again.get());
}

TEST_F(PostgresBatchStoreTest, WhatADeadAttemptCommittedInvisiblyIsRemoved) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim claim, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  // T1 goes through and T2 does not.
  EXPECT_THAT(claim.writer->Commit(Content(999), locations_),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(StoredSeries(), 7);
  claim.writer.reset();
  int swept = 0;
  while (swept == 0) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(swept, store_.SweepInterrupted(Soon()));
  }
  EXPECT_EQ(StoredSeries(), 0);
  EXPECT_EQ(State(), "FAILED");
  EXPECT_EQ(Version(), 0);
}

TEST_F(PostgresBatchStoreTest, AnAttemptThatWasReplacedIsFenced) {
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim old, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(old.writer->Append(Run()));
  // As if its session had died behind its back and another attempt had come.
  Execute(database_.options(),
          "UPDATE fairway.batches SET id = nextval('fairway.batch_ids'), label = 'new'");
  EXPECT_EQ(ReasonOf(old.writer->Commit(Content(), locations_).status()), reasons::kWriterFenced);
  FAIRWAY_EXPECT_OK(old.writer->End(
      BatchState::kFailed, WriterFencedError(key_), {},
      {.error_count = 1,
       .first_errors = {RowError{.row_index = 3, .field = "price", .value = "0"}}}));
  EXPECT_EQ(QueryInt(database_.options(), "SELECT count(*) FROM fairway.batch_errors"), 0);
  EXPECT_EQ(State(), "RECEIVING") << "the new attempt's";
  EXPECT_EQ(Version(), 0);
}

class VersionReceiver final : public pqxx::notification_receiver {
 public:
  explicit VersionReceiver(pqxx::connection& connection)
      : pqxx::notification_receiver(connection, kDatasetChannel) {}
  void operator()(const std::string& payload, int /*backend*/) override { payload_ = payload; }
  const std::string& payload() const { return payload_; }

 private:
  std::string payload_;
};

TEST_F(PostgresBatchStoreTest, ACommitIsAnnouncedByItsVersion) {
  const postgres::ConnectionOptions options = database_.options();
  pqxx::connection connection(absl::StrCat("host=", options.host, " port=", options.port,
                                           " user=", options.user, " dbname=", options.database));
  VersionReceiver receiver(connection);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const BatchClaim claim, store_.Claim(key_, "", Soon()));
  FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
  FAIRWAY_ASSERT_OK(claim.writer->Commit(Content(), locations_));
  EXPECT_EQ(connection.await_notification(30, 0), 1);
  EXPECT_EQ(receiver.payload(), "1");
}

TEST_F(PostgresBatchStoreTest, ASessionServesOneBatchAfterTheOther) {
  const std::string open_sessions =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
      "AND query LIKE '%advisory%' AND pid <> pg_backend_pid()";
  for (const char* const id : {"batch-1", "batch-2", "batch-3"}) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim claim, store_.Claim({"acme", id}, "", Soon()));
    FAIRWAY_ASSERT_OK(claim.writer->Append(Run()));
    FAIRWAY_ASSERT_OK(claim.writer->Commit(Content(), locations_));
    claim.writer.reset();
    EXPECT_EQ(QueryInt(database_.options(), open_sessions), 1);
    EXPECT_EQ(QueryInt(database_.options(),
                       "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                       "(SELECT oid FROM pg_database WHERE datname = current_database())"),
              0)
        << "the id is free";
  }
}

}  // namespace
}  // namespace fairway
