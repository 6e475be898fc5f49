#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/postgres/copy_session.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::MigratedDatabase;
using ::fairway::testing::TestDatabase;

class PostgresRateReaderTest : public ::testing::Test {
 protected:
  PostgresRateReaderTest() {
    PostgresLocationStore locations(&pool_);
    FAIRWAY_EXPECT_OK(locations.Import({.regions = {{"asia", "Asia", std::nullopt}},
                                        .ports = {MakePort("CNSHA"), MakePort("CNGGZ")}},
                                       Soon()));
  }
  static Port MakePort(absl::string_view code) {
    return {.code = *PortCode::Parse(code), .name = "A port", .parent = "asia"};
  }
  static RateQuery Query() {
    const Day day = std::chrono::year(2021) / 1 / 1;
    return {.origin = "CNSHA", .destination = "CNGGZ", .days = {day, day}};
  }

  TestDatabase database_ = MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  PostgresRateReader reader_{&pool_};

  absl::StatusOr<DailyRates> Read(const Deadline& deadline) {
    ASSIGN_OR_RETURN(const auto snapshot, reader_.Snapshot(NewestHeld{}, deadline));
    return snapshot->ReadDailyRates(Query(), deadline);
  }
};

TEST_F(PostgresRateReaderTest, TheDeadlineBoundsTheStatement) {
  const auto holder = postgres::CopySession::Open(database_.options(), Soon()).value();
  FAIRWAY_ASSERT_OK(
      holder->Execute("BEGIN; LOCK TABLE fairway.price_series IN ACCESS EXCLUSIVE MODE"));
  const absl::Time start = absl::Now();
  EXPECT_EQ(ReasonOf(Read(start + absl::Milliseconds(200)).status()), reasons::kDeadlineExceeded);
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
}

TEST_F(PostgresRateReaderTest, RevertedBatchesAreNotCounted) {
  Execute(database_.options(),
          "INSERT INTO fairway.batches (partner, batch_id, state, label, create_time, "
          "  commit_time, committed_version, reverted_version) VALUES "
          "('acme', 'kept', 'COMMITTED', '', now(), now(), 2, NULL), "
          "('acme', 'gone', 'REVERTED', '', now(), now(), 3, 4), "
          "('acme', 'next', 'COMMITTED', '', now(), now(), 6, NULL);"
          "UPDATE fairway.dataset SET version = 5;"
          "INSERT INTO fairway.price_series SELECT batches.id, origin.id, destination.id, 0, 1, "
          "  ARRAY['2021-01-01'::date], ARRAY[100] FROM fairway.batches, "
          "  fairway.ports AS origin, fairway.ports AS destination "
          "  WHERE origin.code = 'CNSHA' AND destination.code = 'CNGGZ'");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DailyRates rates, Read(Soon()));
  EXPECT_EQ(rates.version.number, 5);
  EXPECT_EQ(rates.days[0].price_count, 1);
}

TEST_F(PostgresRateReaderTest, LanesAreListedInOrderHoweverTheyAreStored) {
  Execute(database_.options(),
          "INSERT INTO fairway.batches (partner, batch_id, state, label, create_time, "
          "  commit_time, committed_version) VALUES "
          "('acme', 'kept', 'COMMITTED', '', now(), now(), 1);"
          "INSERT INTO fairway.price_series SELECT batches.id, 1 + n * 7919 % 1000, 1, run, 1, "
          "  '{2021-01-01}', '{100}' FROM fairway.batches, generate_series(0, 999) AS n, "
          "  generate_series(0, 3) AS run;"
          "ANALYZE fairway.price_series");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, reader_.Snapshot(NewestHeld{}, Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const std::vector<Lane> lanes,
                               snapshot->ListLanes(std::nullopt, 1000, Soon()));
  ASSERT_EQ(lanes.size(), 1000);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(lanes[i], (Lane{1 + i, 1}));
}

}  // namespace
}  // namespace fairway
