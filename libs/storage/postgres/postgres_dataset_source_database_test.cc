#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/postgres/postgres_dataset_source.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/queries.h"

namespace fairway {
namespace {

using ::fairway::testing::Execute;
using ::fairway::testing::MigratedDatabase;
using ::fairway::testing::QueryInt;
using ::fairway::testing::TestDatabase;

// That it reads the right prices is what the contract suites and the price book's tests show.
class PostgresDatasetSourceTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<SeriesReader>> OpenReader() {
    const absl::Time soon = absl::Now() + absl::Seconds(60);
    ASSIGN_OR_RETURN(const DatasetState state, source_.ReadState(soon));
    return source_.OpenReader(state.version, soon);
  }
  absl::Status ReadSomeBatch() {
    auto reader = OpenReader();
    if (!reader.ok()) return reader.status();
    return (*reader)->ReadBatch(1, {}, [](const Series&) { return absl::OkStatus(); });
  }
  int64_t ReaderProcess() {
    return QueryInt(database_.options(),
                    "SELECT coalesce(max(pid), 0) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND query LIKE 'COPY (SELECT%'");
  }

  TestDatabase database_ = MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  PostgresDatasetSource source_{&pool_, database_.options()};
};

TEST_F(PostgresDatasetSourceTest, OneReaderAfterTheOtherUsesOneSession) {
  FAIRWAY_ASSERT_OK(ReadSomeBatch());
  const int64_t process = ReaderProcess();
  EXPECT_NE(process, 0);
  FAIRWAY_ASSERT_OK(ReadSomeBatch());
  EXPECT_EQ(ReaderProcess(), process);
}

TEST_F(PostgresDatasetSourceTest, SeriesAreReadByLaneHoweverTheyAreStored) {
  Execute(database_.options(),
          "INSERT INTO fairway.batches (partner, batch_id, state, label, create_time, commit_time, "
          "  committed_version) VALUES ('acme', 'batch-1', 'COMMITTED', '', now(), now(), 1);"
          "UPDATE fairway.dataset SET version = 1;"
          "INSERT INTO fairway.commits (version, kind, commit_time, batch) "
          "  VALUES (1, 'COMMIT', now(), 1);"
          "INSERT INTO fairway.price_series SELECT 1, lane / 10, lane % 10, 0, 1, "
          "  '{2021-01-01}', '{100}' FROM unnest(ARRAY[31, 12, 22, 11, 13, 21]) AS lane;"
          "ANALYZE fairway.price_series");
  std::vector<Lane> lanes;
  const auto keep = [&](const Series& series) {
    lanes.push_back(series.lane);
    return absl::OkStatus();
  };
  FAIRWAY_ASSERT_OK_AND_ASSIGN(auto reader, OpenReader());
  FAIRWAY_ASSERT_OK(reader->ReadBatch(1, {}, keep));
  EXPECT_EQ(lanes, (std::vector<Lane>{{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}, {3, 1}}));
  lanes.clear();
  FAIRWAY_ASSERT_OK(reader->ReadOrigin(1, 1, keep));
  EXPECT_EQ(lanes, (std::vector<Lane>{{1, 1}, {1, 2}, {1, 3}}));
}

TEST_F(PostgresDatasetSourceTest, ChangesAreListedInOrderHoweverTheyAreStored) {
  const absl::Time soon = absl::Now() + absl::Seconds(60);
  // Versions 1 to 3 are commits of the batches 30, 20, 10; 4 to 6 revert 20, 10, 30; 7 to 9 commit
  // 6, 5, 4.
  const auto insert_versions = [this](int first, int last) {
    Execute(database_.options(),
            absl::StrCat("INSERT INTO fairway.commits (version, kind, commit_time) "
                         "SELECT n, 'COMMIT', now() FROM generate_series(",
                         first, ", ", last, ") AS n; UPDATE fairway.dataset SET version = ", last));
  };
  insert_versions(1, 3);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetState before, source_.ReadState(soon));
  insert_versions(4, 9);
  Execute(database_.options(),
          "INSERT INTO fairway.batches (id, partner, batch_id, state, label, create_time, "
          "  commit_time, committed_version, reverted_version) VALUES "
          "(10, 'acme', '10', 'REVERTED', '', now(), now(), 3, 5), "
          "(20, 'acme', '20', 'REVERTED', '', now(), now(), 2, 4), "
          "(30, 'acme', '30', 'REVERTED', '', now(), now(), 1, 6), "
          "(4, 'acme', '4', 'COMMITTED', '', now(), now(), 9, NULL), "
          "(5, 'acme', '5', 'COMMITTED', '', now(), now(), 8, NULL), "
          "(6, 'acme', '6', 'COMMITTED', '', now(), now(), 7, NULL); ANALYZE fairway.batches");
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetChanges changes,
                               source_.ReadChanges(before.version, soon));
  EXPECT_EQ(changes.added_batches, (std::vector<int64_t>{6, 5, 4}));
  EXPECT_EQ(changes.removed_batches, (std::vector<int64_t>{20, 10, 30}));
}

TEST_F(PostgresDatasetSourceTest, WhereTheDatabaseFailsNoIdleSessionIsKept) {
  const absl::Time soon = absl::Now() + absl::Seconds(60);
  FAIRWAY_ASSERT_OK(ReadSomeBatch());
  EXPECT_NE(ReaderProcess(), 0);
  Execute(database_.options(), "DELETE FROM fairway.dataset");
  EXPECT_FALSE(source_.ReadChanges({0}, soon).ok());
  EXPECT_TRUE(Eventually([this] { return ReaderProcess() == 0; }));
}

TEST_F(PostgresDatasetSourceTest, ACommitEndsAWait) {
  FAIRWAY_ASSERT_OK(source_.AwaitCommit(Soon()));  // Listens from here on.
  PostgresLocationStore locations(&pool_);
  FAIRWAY_ASSERT_OK(locations.Import({.regions = {{"world", "World", std::nullopt}}}, Soon()));
  const absl::Time start = absl::Now();
  FAIRWAY_EXPECT_OK(source_.AwaitCommit(Soon()));
  EXPECT_LT(absl::Now() - start, absl::Seconds(30)) << "and not by its deadline";
}

TEST_F(PostgresDatasetSourceTest, AReaderNeedsNoSessionOfThoseBefore) {
  FAIRWAY_ASSERT_OK(ReadSomeBatch());
  const int64_t process = ReaderProcess();
  EXPECT_EQ(QueryInt(database_.options(),
                     absl::StrCat("SELECT pg_terminate_backend(", process, ", 30000)::int")),
            1);
  FAIRWAY_ASSERT_OK(ReadSomeBatch());
  EXPECT_NE(ReaderProcess(), process);
}

}  // namespace
}  // namespace fairway
