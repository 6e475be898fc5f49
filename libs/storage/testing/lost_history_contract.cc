#include <limits>
#include <utility>
#include <vector>

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_reason.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/testing/store_contract.h"

// What happens when the data set is brought back to an earlier state and goes on from there:
// numbers of versions, batches and ports are given again, and mean something else.
namespace fairway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreContract, EveryVersionHasAnIdentityOfItsOwn) {
  std::vector<VersionId> seen;
  const auto newest = [&] {
    const absl::StatusOr<DatasetSummary> dataset = rates().ReadDataset(Soon());
    EXPECT_THAT(dataset, IsOk());
    EXPECT_EQ(dataset->held_version, dataset->newest_version);
    EXPECT_NE(dataset->newest_version.identity, 0);
    for (const VersionId& other : seen) {
      EXPECT_NE(dataset->newest_version.identity, other.identity);
    }
    seen.push_back(dataset->newest_version);
    return dataset->newest_version;
  };
  const VersionId beginning = newest();
  EXPECT_EQ(beginning.number, 0);
  EXPECT_EQ(LocationsVersion(), beginning);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const LocationImport import, locations().Import(World(), Soon()));
  EXPECT_EQ(import.version, newest());
  EXPECT_EQ(LocationsVersion(), import.version);
  const BatchRecord record =
      CommitBatch({"acme", "batch-1"}, {{"CNSHA", "NLRTM", "2021-01-01", 1}});
  EXPECT_EQ(record.committed_version, newest());
  EXPECT_EQ(LocationsVersion(), import.version);
  Revert({"acme", "batch-1"});
  const VersionId last = newest();
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto again, batches().Get({"acme", "batch-1"}, Soon()));
  EXPECT_EQ(again.committed_version, record.committed_version);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto unchanged, locations().Import(World(), Soon()));
  EXPECT_EQ(unchanged.version, last);

  FAIRWAY_ASSERT_OK_AND_ASSIGN(const CommitPage page, commits().ReadCommits({0}, 3, 10, Soon()));
  EXPECT_EQ(page.after, beginning);
  ASSERT_EQ(page.commits.size(), 3);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(page.commits[i].version, seen[i + 1]);
  for (const VersionId& version : seen) {
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot,
                                 rates().Snapshot(Exactly{{version.number}}, Soon()));
    EXPECT_EQ(snapshot->version_id(), version);
    FAIRWAY_EXPECT_OK(rates().Snapshot(Exactly{version}, Soon()));
    FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto at_least, rates().Snapshot(AtLeast{version}, Soon()));
    EXPECT_EQ(at_least->version_id(), last) << "the newest, and not the one that was named";
  }
}

// One test for each way in which the number of what a cache holds can stand to today's.
TEST_P(StoreContract, AnEarlierVersionIsFollowed) {
  const Histories histories = LoseHistory();
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), ElementsAre("2021-01-01 1 1"));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetSummary dataset, rates().ReadDataset(Soon()));
  EXPECT_EQ(dataset.newest_version, histories.kept);
  EXPECT_EQ(dataset.held_version, histories.kept);
}

TEST_P(StoreContract, TheSameNumberOfAnotherHistoryIsFollowed) {
  LoseHistory();
  CommitPrice("new", 4000);
  CommitPrice("newer", 50000);
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), ElementsAre("2021-01-01 3 54001"));
}

TEST_P(StoreContract, ALaterNumberOfAnotherHistoryIsFollowed) {
  LoseHistory();
  for (const char* id : {"new-1", "new-2", "new-3", "new-4"}) CommitPrice(id, 1000);
  EXPECT_THAT(ReadRates("CNSHA", "NLRTM"), ElementsAre("2021-01-01 5 4001"));
}

TEST_P(StoreContract, ChangesSinceALostVersionAreNotListed) {
  const Histories histories = LoseHistory();
  const auto continues = [&](const VersionId& after) {
    const absl::StatusOr<DatasetChanges> changes = source().ReadChanges(after, Soon());
    EXPECT_THAT(changes, IsOk());
    EXPECT_TRUE(changes->continues || changes->added_batches.empty());
    return changes->continues;
  };
  EXPECT_TRUE(continues(histories.kept));
  EXPECT_FALSE(continues(histories.lost));
  CommitPrice("new", 4000);
  EXPECT_TRUE(continues(histories.kept));
  EXPECT_FALSE(continues(histories.lost)) << "the same number";
  EXPECT_FALSE(continues(histories.later));
  CommitPrice("newer", 4000);
  CommitPrice("newest", 4000);
  EXPECT_TRUE(continues(histories.kept));
  EXPECT_FALSE(continues(histories.lost)) << "a higher number";
  EXPECT_FALSE(continues(histories.later));
  ForgetCommits(0, histories.kept.number);
  EXPECT_FALSE(continues(histories.kept)) << "nobody can tell any more";
}

TEST_P(StoreContract, ALostVersionIsNotReadByItsIdentity) {
  const Histories histories = LoseHistory();
  const auto reason = [&](const Consistency& consistency) {
    return ReasonOf(rates().Snapshot(consistency, Soon()).status());
  };
  const auto expect_lost = [&] {
    for (const VersionId& lost : {histories.lost, histories.later}) {
      EXPECT_EQ(reason(AtLeast{lost}), reasons::kVersionPurged) << lost.number;
      EXPECT_EQ(reason(Exactly{lost}), reasons::kVersionPurged) << lost.number;
    }
    EXPECT_EQ(reason(AtLeast{histories.kept}), "");
    EXPECT_EQ(reason(Exactly{histories.kept}), "");
  };
  expect_lost();
  CommitPrice("new", 4000);
  expect_lost();
  CommitPrice("newer", 4000);
  CommitPrice("newest", 4000);
  expect_lost();
}

// It has all it needs in memory, or it notices.
TEST_P(StoreContract, ASnapshotNeverMixesHistories) {
  ImportWorld();
  CommitPrice("kept", 1);
  Backup();
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("NEWPO", "asia")}}, Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto of_lost_ports, rates().Snapshot(Exactly{{2}}, Soon()));
  const VersionId lost = CommitPrice("lost", 20);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto of_lost_prices, rates().Snapshot(NewestHeld{}, Soon()));
  ASSERT_EQ(of_lost_prices->version_id(), lost);
  Restore();
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("OTHER", "asia")}}, Soon()));
  CommitBatch({"acme", "new"},
              {{"OTHER", "NLRTM", "2021-01-01", 9}, {"CNSHA", "NLRTM", "2021-01-01", 9}});
  for (const auto& [snapshot, sum] : {std::pair(of_lost_ports, 1), std::pair(of_lost_prices, 21)}) {
    const auto rates = snapshot->ReadDailyRates(QueryOf("CNSHA", "NLRTM"), Soon());
    if (rates.ok()) {
      EXPECT_EQ(rates->days[0].price_sum, sum);
    } else {
      EXPECT_EQ(ReasonOf(rates.status()), reasons::kVersionPurged);
    }
    const auto lanes = snapshot->ListLanes(std::nullopt, 10, Soon());
    if (lanes.ok()) {
      EXPECT_EQ(lanes->size(), 1);
    } else {
      EXPECT_EQ(ReasonOf(lanes.status()), reasons::kVersionPurged);
    }
  }
}

TEST_P(StoreContract, VersionsFarFromExistingAreUnknown) {
  ImportWorld();
  const auto reason = [&](const Consistency& consistency) {
    return ReasonOf(rates().Snapshot(consistency, Soon()).status());
  };
  const DatasetVersion last = 1 + limits::kVersionsAheadMax;
  EXPECT_EQ(reason(AtLeast{{2}}), reasons::kVersionNotYetVisible);
  EXPECT_EQ(reason(AtLeast{{last}}), reasons::kVersionNotYetVisible);
  EXPECT_EQ(reason(AtLeast{{last + 1}}), reasons::kVersionUnknown);
  EXPECT_EQ(reason(AtLeast{{int64_t{1} << 62}}), reasons::kVersionUnknown);
  EXPECT_EQ(reason(AtLeast{{std::numeric_limits<int64_t>::max()}}), reasons::kVersionUnknown);
  EXPECT_EQ(reason(Exactly{{last}}), reasons::kVersionNotYetVisible);
  EXPECT_EQ(reason(Exactly{{last + 1}}), reasons::kVersionUnknown);
  EXPECT_EQ(reason(AtLeast{{5, 12345}}), reasons::kVersionPurged);
}

TEST_P(StoreContract, TheCommitLogBelongsToOneHistory) {
  const Histories histories = LoseHistory();
  const auto reason = [&](const VersionId& after) {
    return ReasonOf(commits().ReadCommits(after, 100, 100, Soon()).status());
  };
  EXPECT_EQ(reason(histories.later), reasons::kVersionPurged);
  EXPECT_EQ(reason({histories.later.number}), reasons::kVersionUnknown);
  CommitPrice("new", 4000);
  CommitPrice("newer", 4000);
  EXPECT_EQ(reason(histories.lost), reasons::kVersionPurged);
  EXPECT_EQ(reason(histories.later), reasons::kVersionPurged);
  EXPECT_EQ(reason(histories.kept), "");
  EXPECT_EQ(reason({histories.later.number}), "") << "whichever has the number today";
  EXPECT_EQ(reason({histories.later.number + 1}), reasons::kVersionUnknown);
}

TEST_P(StoreContract, GapsOfTheCommitLogAreNoticed) {
  ImportWorld();
  for (const char* id : {"one1", "two2", "three", "four"}) CommitPrice(id, 1);  // 2 to 5.
  ForgetCommits(3, 3);
  const auto read = [&](DatasetVersion after) {
    return commits().ReadCommits({after}, 100, 100, Soon());
  };
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const CommitPage before, read(0));
  EXPECT_EQ(before.commits.size(), 2) << "up to the gap";
  EXPECT_EQ(ReasonOf(read(2).status()), reasons::kVersionPurged) << "at the gap";
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const CommitPage behind, read(3));
  EXPECT_EQ(behind.commits.size(), 2) << "behind the gap";
  ForgetCommits(5, 5);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const CommitPage last, read(3));
  EXPECT_EQ(last.commits.size(), 1);
  EXPECT_EQ(ReasonOf(read(4).status()), reasons::kVersionPurged) << "a gap at the end";
}

// A port of the lost history gave its number to another one.
TEST_P(StoreContract, PortsOfALostHistoryAreForgotten) {
  ImportWorld();
  Backup();
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("NEWPO", "asia")}}, Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto lost_tree, locations().ReadTree(Soon()));
  ASSERT_NE(lost_tree->FindPort("NEWPO"), nullptr);
  CommitBatch({"acme", "lost"}, {{"NEWPO", "NLRTM", "2021-01-01", 7}});
  EXPECT_THAT(ReadRates("NEWPO", "NLRTM"), ElementsAre("2021-01-01 1 7"));
  Restore();
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("OTHER", "asia")}}, Soon()));
  ASSERT_EQ(IdOf("OTHER"), lost_tree->FindPort("NEWPO")->id) << "or this test shows nothing";
  EXPECT_EQ(ReasonOf(Read(QueryOf("NEWPO", "NLRTM")).status()), reasons::kLocationNotFound);
  CommitBatch({"acme", "next"}, {{"OTHER", "NLRTM", "2021-01-01", 9}});
  EXPECT_THAT(ReadRates("OTHER", "NLRTM"), ElementsAre("2021-01-01 1 9"));
}

TEST_P(StoreContract, ABatchCheckedAgainstPortsOfALostHistoryIsFenced) {
  ImportWorld();
  const VersionId kept = LocationsVersion();
  Backup();
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("NEWPO", "asia")}}, Soon()));
  const VersionId lost = LocationsVersion();
  const std::vector<NamedPrice> prices = {{"NEWPO", "NLRTM", "2021-01-01", 7}};
  const SeriesRun run = RunOf(prices);
  Restore();
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("OTHER", "asia")}}, Soon()));
  auto writer = ClaimWriter({"acme", "batch-1"});
  FAIRWAY_ASSERT_OK(writer->Append(run));
  const absl::Status status = writer->Commit(ContentOf(prices), lost).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted)) << "may be sent again";
  EXPECT_EQ(ReasonOf(status), reasons::kWriterFenced);
  EXPECT_THAT(ReadRates("world", "world"), IsEmpty());
  // A tree that today's history had at any time gives the ports the same numbers.
  writer = nullptr;
  writer = ClaimWriter({"acme", "batch-2"});
  FAIRWAY_ASSERT_OK(writer->Append(RunOf({{"CNSHA", "NLRTM", "2021-01-01", 7}})));
  FAIRWAY_EXPECT_OK(writer->Commit(ContentOf({{"CNSHA", "NLRTM", "2021-01-01", 7}}), kept));
}

TEST_P(StoreContract, SeriesAreReadOfOneHistoryOnly) {
  const Histories histories = LoseHistory();
  CommitPrice("new", 4000);
  FAIRWAY_EXPECT_OK(source().OpenReader(histories.kept, Soon()));
  EXPECT_EQ(ReasonOf(source().OpenReader(histories.lost, Soon()).status()),
            reasons::kVersionPurged);
  EXPECT_EQ(ReasonOf(source().OpenReader(histories.later, Soon()).status()),
            reasons::kVersionPurged);
}

}  // namespace
}  // namespace fairway::testing
