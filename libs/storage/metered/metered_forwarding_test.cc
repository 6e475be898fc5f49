#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/storage/metered/metered_batch_store.h"
#include "libs/storage/metered/metered_dataset_source.h"
#include "libs/storage/metered/metered_rate_reader.h"
#include "libs/storage/testing/memory_stores.h"

namespace fairway {
namespace {

// A snapshot that is leased and estimates what its answers cost.
class LeasedSnapshot final : public RateSnapshot {
 public:
  std::shared_ptr<const void> lease() const override { return lease_; }
  const VersionId& version_id() const override { return version_; }
  const LocationTree& locations() const override { return locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery&, const Deadline&) const override {
    return absl::UnimplementedError("");
  }
  ReadingSize EstimateReading(const RateQuery& query) const override {
    return query.origin == "a" ? ReadingSize{12, 13} : ReadingSize{34, 35};
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane>, int,
                                              const Deadline&) const override {
    return absl::UnimplementedError("");
  }

 private:
  const std::shared_ptr<const int> lease_ = std::make_shared<const int>(0);
  const VersionId version_ = {7, 70};
  const LocationTree locations_;
};

class LeasedSnapshots final : public RateReader {
 public:
  std::shared_ptr<const RateSnapshot> TrySnapshot(const Consistency&) override { return snapshot_; }
  absl::Duration Lag() const override { return absl::Seconds(3); }
  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency&,
                                                               const Deadline&) override {
    return snapshot_;
  }
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline&) override { return DatasetSummary(); }

 private:
  const std::shared_ptr<const RateSnapshot> snapshot_ = std::make_shared<const LeasedSnapshot>();
};

class MeteredForwardingTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  prometheus::Registry registry_;
  StoreMetrics metrics_{&registry_, &clock_};
};

TEST_F(MeteredForwardingTest, WhatIsInMemoryIsGivenAsItIs) {
  LeasedSnapshots snapshots;
  MeteredRateReader rates(&snapshots, &metrics_);
  EXPECT_EQ(rates.Lag(), absl::Seconds(3));
  EXPECT_EQ(rates.TrySnapshot(NewestHeld{}), snapshots.TrySnapshot(NewestHeld{}));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates.Snapshot(NewestHeld{}, Soon()));
  EXPECT_EQ(snapshot->lease(), snapshots.TrySnapshot(NewestHeld{})->lease());
  EXPECT_EQ(snapshot->version_id(), (VersionId{7, 70}));
  EXPECT_EQ(snapshot->EstimateReading({.origin = "a"}), (ReadingSize{12, 13}));
  EXPECT_EQ(snapshot->EstimateReading({.origin = "b"}), (ReadingSize{34, 35}));
}

TEST_F(MeteredForwardingTest, ACommitIsAwaitedFromTheSource) {
  testing::MemoryStores stores;
  MeteredDatasetSource source(&stores.source(), &metrics_);
  FAIRWAY_EXPECT_OK(source.AwaitCommit(Soon(absl::Milliseconds(1))));
  stores.source().SetAvailable(false);
  EXPECT_TRUE(absl::IsUnavailable(source.AwaitCommit(Soon())));
}

TEST_F(MeteredForwardingTest, TheTreeIsLeftOutWhereItMayBe) {
  testing::MemoryStores stores;
  MeteredDatasetSource source(&stores.source(), &metrics_);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetState before, source.ReadState(Soon()));
  FAIRWAY_ASSERT_OK(
      stores.locations().Import({.regions = {{"world", "World", std::nullopt}}}, Soon()));
  FAIRWAY_ASSERT_OK_AND_ASSIGN(DatasetChanges changes,
                               source.ReadChanges(before.version, /*tree_alone=*/false, Soon()));
  EXPECT_EQ(changes.state.locations, nullptr);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(changes,
                               source.ReadChanges(before.version, /*tree_alone=*/true, Soon()));
  EXPECT_NE(changes.state.locations, nullptr);
}

}  // namespace
}  // namespace fairway
