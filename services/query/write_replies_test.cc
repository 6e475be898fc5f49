#include "services/query/write_replies.h"

#include <chrono>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "libs/domain/errors.h"

namespace fairway::query {
namespace {

TEST(WriteRepliesTest, ACommitHasAllThatIsKnownOfIt) {
  CommitRecord commit = {.version = {7, 70},
                         .kind = CommitKind::kRevert,
                         .time = absl::FromUnixSeconds(100),
                         .batch = BatchRecord{.key = {"acme", "batch-1"}, .label = "a label"},
                         .lanes = {{*PortCode::Parse("CNSHA"), *PortCode::Parse("NLRTM")}}};
  const Day day = std::chrono::year(2021) / 1 / 1;
  commit.batch->content = {
      .row_count = 5, .lane_count = 1, .days = DayRange{day, day + std::chrono::days(2)}};
  v1::WatchCommitsResponse out;
  ToProto(CommitWatch::Notice{.commit = commit, .version = commit.version}, out);
  EXPECT_EQ(out.version(), 7);
  EXPECT_EQ(out.version_id(), 70);
  EXPECT_EQ(out.commit().version(), 7);
  EXPECT_EQ(out.commit().kind(), v1::Commit::KIND_REVERT);
  EXPECT_EQ(out.commit().commit_time().seconds(), 100);
  EXPECT_EQ(out.commit().partner(), "acme");
  EXPECT_EQ(out.commit().batch_id(), "batch-1");
  EXPECT_EQ(out.commit().label(), "a label");
  EXPECT_EQ(out.commit().row_count(), 5);
  EXPECT_EQ(out.commit().lane_count(), 1);
  EXPECT_EQ(out.commit().first_date(), "2021-01-01");
  EXPECT_EQ(out.commit().last_date(), "2021-01-03");
  ASSERT_EQ(out.commit().lanes_size(), 1);
  EXPECT_EQ(out.commit().lanes(0).origin(), "CNSHA");
  EXPECT_EQ(out.commit().lanes(0).destination(), "NLRTM");
}

TEST(WriteRepliesTest, ALocationHasAllItsFields) {
  v1::Location out;
  ToProto(LocationView{.code = "CNSHA",
                       .name = "Shanghai",
                       .is_port = true,
                       .parent = "asia",
                       .ancestors = {"asia", "world"},
                       .port_count = 1},
          out);
  EXPECT_EQ(out.code(), "CNSHA");
  EXPECT_EQ(out.name(), "Shanghai");
  EXPECT_EQ(out.kind(), v1::LOCATION_KIND_PORT);
  EXPECT_EQ(out.parent(), "asia");
  ASSERT_EQ(out.ancestors_size(), 2);
  EXPECT_EQ(out.ancestors(1), "world");
  EXPECT_EQ(out.port_count(), 1);
}

TEST(WriteRepliesTest, TheDatasetHasItsTimes) {
  v1::GetDatasetResponse out;
  ToProto(DatasetSummary{.newest_version = {5, 50},
                         .newest_commit_time = absl::FromUnixMicros(1'500'000),
                         .held_version = {4, 40},
                         .lag = absl::Milliseconds(2'250),
                         .price_count = 11,
                         .lane_count = 12,
                         .port_count = 13,
                         .region_count = 14,
                         .memory_bytes = 15,
                         .engine = "sql"},
          out);
  EXPECT_EQ(out.newest_version(), 5);
  EXPECT_EQ(out.newest_version_id(), 50);
  EXPECT_EQ(out.held_version(), 4);
  EXPECT_EQ(out.held_version_id(), 40);
  EXPECT_EQ(out.newest_commit_time().seconds(), 1);
  EXPECT_EQ(out.newest_commit_time().nanos(), 500'000'000);
  EXPECT_EQ(out.lag().seconds(), 2);
  EXPECT_EQ(out.lag().nanos(), 250'000'000);
  EXPECT_EQ(out.price_count(), 11);
  EXPECT_EQ(out.lane_count(), 12);
  EXPECT_EQ(out.port_count(), 13);
  EXPECT_EQ(out.region_count(), 14);
  EXPECT_EQ(out.memory_bytes(), 15);
  EXPECT_EQ(out.engine(), "sql");
}

}  // namespace
}  // namespace fairway::query
