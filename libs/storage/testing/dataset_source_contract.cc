#include <algorithm>
#include <vector>

#include "libs/base/testing/status_matchers.h"
#include "libs/storage/testing/store_contract.h"

// How a price book follows the data set: what changed, and the series of that.
namespace fairway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// What a sink is given, added up.
struct SeriesSums {
  absl::Status Take(const Series& series) {
    lanes.push_back(series.lane);
    for (const Price price : series.prices) sum += price;
    return absl::OkStatus();
  }

  std::vector<Lane> lanes;
  int64_t sum = 0;
};

// The prices of a batch, added up.
int64_t SumOfBatch(DatasetSource& source, int64_t batch) {
  const auto state = source.ReadState(Soon());
  FAIRWAY_EXPECT_OK(state);
  const auto reader = source.OpenReader(state->version, Soon());
  FAIRWAY_EXPECT_OK(reader);
  SeriesSums sums;
  FAIRWAY_EXPECT_OK(
      (*reader)->ReadBatch(batch, {}, [&](const Series& series) { return sums.Take(series); }));
  return sums.sum;
}

// The same of each.
std::vector<int64_t> SumsOf(DatasetSource& source, const std::vector<int64_t>& batches) {
  std::vector<int64_t> sums;
  for (const int64_t batch : batches) sums.push_back(SumOfBatch(source, batch));
  return sums;
}

TEST_P(StoreContract, ChangesNameTheBatchesThatCameAndWent) {
  ImportWorld();
  const VersionId empty = LocationsVersion();
  const VersionId first = CommitPrice("first", 1);
  const VersionId second = CommitPrice("second", 20);
  const auto changes_since = [&](const VersionId& version) {
    const auto changes = source().ReadChanges(version, Soon());
    FAIRWAY_EXPECT_OK(changes);
    EXPECT_TRUE(changes->continues);
    return *changes;
  };
  EXPECT_EQ(changes_since(empty).state.version, second);
  EXPECT_THAT(SumsOf(source(), changes_since(empty).added_batches), UnorderedElementsAre(1, 20));
  EXPECT_THAT(SumsOf(source(), changes_since(first).added_batches), ElementsAre(20));
  EXPECT_FALSE(changes_since(second).has_batches());

  Revert({"acme", "first"});
  const DatasetChanges reverted = changes_since(second);
  EXPECT_THAT(reverted.added_batches, IsEmpty());
  EXPECT_THAT(SumsOf(source(), reverted.removed_batches), ElementsAre(1));
  EXPECT_FALSE(changes_since(reverted.state.version).has_batches());
  EXPECT_THAT(SumsOf(source(), changes_since(empty).added_batches), ElementsAre(20));
  EXPECT_THAT(changes_since(empty).removed_batches, IsEmpty()) << "it came and went since then";
  CommitPrice("third", 300);
  EXPECT_THAT(SumsOf(source(), changes_since(first).added_batches), UnorderedElementsAre(20, 300));
  EXPECT_THAT(SumsOf(source(), changes_since(first).removed_batches), ElementsAre(1));
  EXPECT_THAT(changes_since(reverted.state.version).removed_batches, IsEmpty());
}

TEST_P(StoreContract, ChangesSayHowManyPricesCameAndWent) {
  ImportWorld();
  const VersionId empty = LocationsVersion();
  const VersionId first = CommitPrice("first", 1);
  CommitBatch({"acme", "second"},
              {{"CNSHA", "BEANR", "2021-01-01", 20}, {"NLRTM", "CNSHA", "2021-01-01", 5000}});
  const auto count_since = [&](const VersionId& version) {
    const auto changes = source().ReadChanges(version, Soon());
    FAIRWAY_EXPECT_OK(changes);
    return changes->price_count;
  };
  EXPECT_EQ(count_since(empty), 3);
  EXPECT_EQ(count_since(first), 2);
  Revert({"acme", "first"});
  EXPECT_EQ(count_since(empty), 2);
  EXPECT_EQ(count_since(first), 3);
}

TEST_P(StoreContract, ABatchCanBeReadByItsOrigins) {
  ImportWorld();
  const VersionId before = LocationsVersion();
  CommitBatch({"acme", "batch-1"}, {{"CNSHA", "BEANR", "2021-01-01", 1},
                                    {"CNSHA", "NLRTM", "2021-01-01", 20},
                                    {"NLRTM", "BEANR", "2021-01-01", 300},
                                    {"BEANR", "CNSHA", "2021-01-01", 4000}});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetChanges changes, source().ReadChanges(before, Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto reader,
                               source().OpenReader(changes.state.version, Soon()));
  const int64_t batch = changes.added_batches.at(0);
  const auto sum_of = [&](const OriginRange& origins) {
    SeriesSums sums;
    FAIRWAY_EXPECT_OK(
        reader->ReadBatch(batch, origins, [&](const Series& series) { return sums.Take(series); }));
    EXPECT_TRUE(std::is_sorted(sums.lanes.begin(), sums.lanes.end()));
    return sums.sum;
  };
  const PortId shanghai = IdOf("CNSHA");
  EXPECT_EQ(sum_of({}), 4321);
  EXPECT_EQ(sum_of({shanghai, shanghai}), 21);
  EXPECT_EQ(sum_of({.last = shanghai - 1}) + sum_of({.first = shanghai}), 4321);
  EXPECT_EQ(sum_of({.last = shanghai}) + sum_of({.first = shanghai + 1}), 4321);
  EXPECT_EQ(sum_of({shanghai + 1, shanghai}), 0);
}

TEST_P(StoreContract, TheTreeIsReadWithBatchesOrWhenItIsAskedFor) {
  ImportWorld();
  const VersionId before = LocationsVersion();
  FAIRWAY_ASSERT_OK(locations().Import({.ports = {MakePort("JPTYO", "asia")}}, Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetChanges left_out,
                               source().ReadChanges(before, /*tree_alone=*/false, Soon()));
  EXPECT_EQ(left_out.state.locations, nullptr);
  EXPECT_TRUE(left_out.continues);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetChanges asked, source().ReadChanges(before, Soon()));
  EXPECT_NE(asked.state.locations->FindPort("JPTYO"), nullptr);
  const VersionId committed = CommitPrice("first", 1);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetChanges added,
                               source().ReadChanges(before, /*tree_alone=*/false, Soon()));
  ASSERT_NE(added.state.locations, nullptr);
  EXPECT_NE(added.state.locations->FindPort("JPTYO"), nullptr);
  Revert({"acme", "first"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetChanges removed,
                               source().ReadChanges(committed, /*tree_alone=*/false, Soon()));
  EXPECT_NE(removed.state.locations, nullptr);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetState state, source().ReadState(Soon()));
  EXPECT_EQ(removed.state.version, state.version);
  EXPECT_EQ(removed.state.commit_time, state.commit_time);
}

TEST_P(StoreContract, SeriesOfAnOriginAreThoseThatTheVersionShows) {
  ImportWorld();
  const VersionId first = CommitPrice("first", 1);
  CommitBatch({"acme", "second"},
              {{"CNSHA", "BEANR", "2021-01-01", 20}, {"NLRTM", "CNSHA", "2021-01-01", 5000}});
  CommitPrice("third", 300);
  Revert({"acme", "first"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetState state, source().ReadState(Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto reader, source().OpenReader(state.version, Soon()));
  const auto sum_at = [&](DatasetVersion version) {
    SeriesSums sums;
    FAIRWAY_EXPECT_OK(reader->ReadOrigin(version, IdOf("CNSHA"),
                                         [&](const Series& series) { return sums.Take(series); }));
    EXPECT_TRUE(std::is_sorted(sums.lanes.begin(), sums.lanes.end()));
    return sums.sum;
  };
  EXPECT_EQ(sum_at(first.number - 1), 0);
  EXPECT_EQ(sum_at(first.number), 1);
  EXPECT_EQ(sum_at(first.number + 1), 21);
  EXPECT_EQ(sum_at(first.number + 2), 321);
  EXPECT_EQ(sum_at(first.number + 3), 320);
}

TEST_P(StoreContract, TheFailureOfASinkEndsTheReading) {
  ImportWorld();
  CommitBatch({"acme", "batch-1"},
              {{"CNSHA", "NLRTM", "2021-01-01", 1}, {"CNSHA", "BEANR", "2021-01-01", 2}});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetState state, source().ReadState(Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto reader, source().OpenReader(state.version, Soon()));
  int taken = 0;
  const absl::Status full = absl::ResourceExhaustedError("no room for a series");
  EXPECT_EQ(reader->ReadOrigin(state.version.number, IdOf("CNSHA"),
                               [&](const Series&) { return ++taken, full; }),
            full);
  EXPECT_EQ(taken, 1);
}

}  // namespace
}  // namespace fairway::testing
