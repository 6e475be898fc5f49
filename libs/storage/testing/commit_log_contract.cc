#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/limits.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {
namespace {

TEST_P(StoreContract, EveryVersionIsInTheCommitLog) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, {{"CNSHA", "NLRTM", "2021-01-01", 100}});
  CommitBatch({"acme", "batch-2"}, {{"CNSHA", "NLRTM", "2021-01-02", 100}});
  Revert({"acme", "batch-1"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto page, commits().ReadCommits({0}, 4, 100, Soon()));
  const std::vector<CommitRecord>& all = page.commits;
  ASSERT_EQ(all.size(), 4);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].version.number, i + 1);
  EXPECT_EQ(all[0].kind, CommitKind::kLocations);
  EXPECT_EQ(all[0].batch, std::nullopt);
  EXPECT_EQ(all[1].kind, CommitKind::kCommit);
  EXPECT_EQ(all[1].batch->key.batch_id, "batch-1");
  EXPECT_EQ(all[1].time, all[1].batch->commit_time);
  EXPECT_EQ(all[2].batch->key.batch_id, "batch-2");
  EXPECT_EQ(all[2].batch->content.row_count, 1);
  EXPECT_EQ(all[3].kind, CommitKind::kRevert);
  EXPECT_EQ(all[3].batch->key.batch_id, "batch-1");
  EXPECT_GE(all[3].time, all[2].time);
}

TEST_P(StoreContract, TheCommitLogListsTheLanes) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"}, {{"CNSHA", "NLRTM", "2021-01-01", 100},
                                    {"CNSHA", "NLRTM", "2021-01-02", 100},
                                    {"NLRTM", "CNSHA", "2021-01-02", 100}});
  Revert({"acme", "batch-1"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto page, commits().ReadCommits({0}, 3, 100, Soon()));
  const std::vector<CommitRecord>& commits_read = page.commits;
  ASSERT_EQ(commits_read.size(), 3);
  EXPECT_TRUE(commits_read[0].lanes.empty());
  const PortCode shanghai = *PortCode::Parse("CNSHA");
  const PortCode rotterdam = *PortCode::Parse("NLRTM");
  const std::vector<TouchedLane> expected = {{shanghai, rotterdam}, {rotterdam, shanghai}};
  EXPECT_THAT(commits_read[1].lanes, ::testing::UnorderedElementsAreArray(expected));
  EXPECT_THAT(commits_read[2].lanes, ::testing::UnorderedElementsAreArray(expected));
}

TEST_P(StoreContract, ALaneOfSeveralRunsIsListedOnce) {
  ImportWorld();
  const std::vector<NamedPrice> prices = {{"CNSHA", "NLRTM", "2021-01-01", 100}};
  auto writer = ClaimWriter({"acme", "batch-1"});
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(prices)));
  FAIRWAY_ASSERT_OK(writer->Append(RunOf(prices)));
  BatchContent content = ContentOf(prices);
  content.row_count = 2;
  FAIRWAY_ASSERT_OK(writer->Commit(content, LocationsVersion()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto page, commits().ReadCommits({1}, 2, 100, Soon()));
  EXPECT_EQ(page.commits.at(0).lanes.size(), 1);
}

TEST_P(StoreContract, TheCommitLogListsNoLanesWhenThereAreVeryMany) {
  // 33 ports make 1,056 lanes.
  LocationChanges changes{.regions = {{"world", "World", std::nullopt}}, .ports = {}};
  for (int i = 10; i < 43; ++i) {
    changes.ports.push_back(MakePort(absl::StrCat("XXX", i), "world"));
  }
  FAIRWAY_ASSERT_OK(locations().Import(changes, Soon()));
  std::vector<NamedPrice> prices;
  for (const Port& origin : changes.ports) {
    for (const Port& destination : changes.ports) {
      if (origin.code == destination.code) continue;
      prices.push_back({origin.code.ToString(), destination.code.ToString(), "2021-01-01", 100});
    }
  }
  ASSERT_GT(prices.size(), limits::kReportedLanesMax);
  CommitBatch({"acme", "batch-1"}, prices);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto many, commits().ReadCommits({1}, 2, 100, Soon()));
  EXPECT_EQ(many.commits.at(0).batch->content.lane_count, static_cast<int64_t>(prices.size()));
  EXPECT_TRUE(many.commits.at(0).lanes.empty());
  prices.resize(limits::kReportedLanesMax);
  CommitBatch({"acme", "batch-2"}, prices);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto fewer, commits().ReadCommits({2}, 3, 100, Soon()));
  EXPECT_EQ(fewer.commits.at(0).lanes.size(), limits::kReportedLanesMax);
}

TEST_P(StoreContract, TheCommitLogIsReadInParts) {
  ImportWorld();
  for (int i = 0; i < 3; ++i) {
    CommitBatch({"acme", "batch-" + std::to_string(i)}, {{"CNSHA", "NLRTM", "2021-01-01", 100}});
  }
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto page, commits().ReadCommits({1}, 4, 2, Soon()));
  ASSERT_EQ(page.commits.size(), 2);
  EXPECT_EQ(page.commits[0].version.number, 2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto part, commits().ReadCommits({0}, 2, 100, Soon()));
  EXPECT_EQ(part.commits.size(), 2);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto none, commits().ReadCommits({4}, 4, 100, Soon()));
  EXPECT_TRUE(none.commits.empty());
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto beyond, commits().ReadCommits({4}, 100, 100, Soon()));
  EXPECT_TRUE(beyond.commits.empty()) << "nothing was purged";
}

}  // namespace
}  // namespace fairway::testing
