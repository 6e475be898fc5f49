#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/postgres/postgres_dataset_source.h"
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
    return (*reader)->ReadBatch(1, [](const Series&) { return absl::OkStatus(); });
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
  FAIRWAY_ASSERT_OK(reader->ReadBatch(1, keep));
  EXPECT_EQ(lanes, (std::vector<Lane>{{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}, {3, 1}}));
  lanes.clear();
  FAIRWAY_ASSERT_OK(reader->ReadOrigin(1, 1, keep));
  EXPECT_EQ(lanes, (std::vector<Lane>{{1, 1}, {1, 2}, {1, 3}}));
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
