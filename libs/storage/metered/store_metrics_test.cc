#include "libs/storage/metered/store_metrics.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/storage/metered/metered_batch_store.h"
#include "libs/storage/metered/metered_commit_log.h"
#include "libs/storage/metered/metered_dataset_source.h"
#include "libs/storage/metered/metered_location_store.h"
#include "libs/storage/metered/metered_rate_reader.h"
#include "libs/storage/testing/memory_stores.h"

namespace fairway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

class StoreMetricsTest : public ::testing::Test {
 protected:
  // "operation" of all that ended at least once, ascending.
  std::vector<std::string> Ended() const {
    std::vector<std::string> operations;
    for (const prometheus::MetricFamily& family : registry_.Collect()) {
      if (family.name != "fairway_store_operation_seconds") continue;
      for (const prometheus::ClientMetric& metric : family.metric) {
        if (metric.histogram.sample_count > 0) operations.push_back(metric.label[0].value);
      }
    }
    std::sort(operations.begin(), operations.end());
    return operations;
  }
  double Seconds(absl::string_view operation) const {
    for (const prometheus::MetricFamily& family : registry_.Collect()) {
      if (family.name != "fairway_store_operation_seconds") continue;
      for (const prometheus::ClientMetric& metric : family.metric) {
        if (metric.label[0].value == operation) return metric.histogram.sample_sum;
      }
    }
    return -1;
  }
  // "operation error" of all that failed at least once.
  std::vector<std::string> Errors() const {
    std::vector<std::string> errors;
    for (const prometheus::MetricFamily& family : registry_.Collect()) {
      if (family.name != "fairway_store_operation_errors_total") continue;
      for (const prometheus::ClientMetric& metric : family.metric) {
        if (metric.counter.value == 0) continue;
        std::map<std::string, std::string> labels;
        for (const auto& label : metric.label) labels[label.name] = label.value;
        errors.push_back(absl::StrCat(labels["operation"], " ", labels["error"]));
      }
    }
    std::sort(errors.begin(), errors.end());
    return errors;
  }

  testing::MemoryStores stores_;
  FakeClock clock_{absl::FromUnixSeconds(1'000'000)};
  prometheus::Registry registry_;
  StoreMetrics metrics_{&registry_, &clock_};
};

TEST_F(StoreMetricsTest, AnOperationIsRecordedWithItsDuration) {
  const OperationMetrics operation = metrics_.ForOperation("read_it");
  EXPECT_THAT(Ended(), IsEmpty());
  FAIRWAY_EXPECT_OK(operation.Measure([&] {
    clock_.Advance(absl::Milliseconds(1500));
    return absl::OkStatus();
  }));
  EXPECT_THAT(Ended(), ElementsAre("read_it"));
  EXPECT_DOUBLE_EQ(Seconds("read_it"), 1.5);
  EXPECT_THAT(Errors(), IsEmpty());
}

TEST_F(StoreMetricsTest, FailuresAreRecordedByKind) {
  const OperationMetrics operation = metrics_.ForOperation("read_it");
  const auto errors_after = [&](const absl::Status& status) {
    prometheus::Registry registry;
    StoreMetrics metrics(&registry, &clock_);
    EXPECT_EQ(metrics.ForOperation("x").Measure([&] { return status; }), status);
    EXPECT_EQ(operation.Measure([&] { return absl::StatusOr<int>(status); }).status(), status);
    for (const prometheus::MetricFamily& family : registry.Collect()) {
      for (const prometheus::ClientMetric& metric : family.metric) {
        if (metric.counter.value == 1) return metric.label[0].value;
      }
    }
    return std::string("none");
  };
  EXPECT_EQ(errors_after(DatabaseUnavailableError("no connection")), "unavailable");
  EXPECT_EQ(errors_after(VersionNotYetVisibleError(2, 1)), "refused");
  EXPECT_EQ(errors_after(BatchNotFoundError({"acme", "batch-1"})), "refused");
  EXPECT_EQ(errors_after(BatchInProgressError({"acme", "batch-1"})), "refused");
  EXPECT_EQ(errors_after(DeadlineExceededError()), "deadline_exceeded");
  EXPECT_EQ(errors_after(CancelledError()), "cancelled");
  EXPECT_EQ(errors_after(absl::InternalError("x")), "internal");
  EXPECT_EQ(errors_after(absl::UnknownError("x")), "internal");
  EXPECT_EQ(errors_after(absl::DataLossError("x")), "internal");
  EXPECT_THAT(Errors(), ElementsAre("read_it cancelled", "read_it deadline_exceeded",
                                    "read_it internal", "read_it refused", "read_it unavailable"));
}

TEST_F(StoreMetricsTest, EveryOperationOfTheStoresHasItsOwnName) {
  MeteredLocationStore locations(&stores_.locations(), &metrics_);
  MeteredBatchStore batches(&stores_.batches(), &metrics_);
  MeteredRateReader rates(&stores_.rates(), &metrics_);
  MeteredDatasetSource source(&stores_.source(), &metrics_);
  MeteredCommitLog commits(&stores_.commits(), &metrics_);
  EXPECT_THAT(Ended(), IsEmpty());
  size_t ended_before = 0;
  const auto expect_ended = [&](std::vector<std::string> operations) {
    EXPECT_THAT(Ended(), IsSupersetOf(operations));
    EXPECT_EQ(Ended().size(), ended_before + operations.size());
    ended_before = Ended().size();
  };

  FAIRWAY_ASSERT_OK(locations.Import({.regions = {{"world", "World", std::nullopt}}}, Soon()));
  expect_ended({"import_locations"});
  FAIRWAY_ASSERT_OK(locations.ReadTree(Soon()));
  expect_ended({"read_location_tree"});

  const BatchKey key = {"acme", "batch-1"};
  FAIRWAY_ASSERT_OK_AND_ASSIGN(BatchClaim claim, batches.Claim(key, "", Soon()));
  expect_ended({"claim_batch"});
  FAIRWAY_ASSERT_OK(claim.writer->Append(SeriesRun()));
  expect_ended({"append_series"});
  EXPECT_THAT(claim.writer->Commit({.row_count = 1}, {}), Not(testing::IsOk()));
  expect_ended({"commit_batch"});
  FAIRWAY_ASSERT_OK(claim.writer->End(BatchState::kFailed, CancelledError(), {}, {}));
  expect_ended({"end_batch"});
  FAIRWAY_ASSERT_OK(batches.Get(key, Soon()));
  expect_ended({"get_batch"});
  FAIRWAY_ASSERT_OK(batches.List({}, std::nullopt, 10, Soon()));
  expect_ended({"list_batches"});
  FAIRWAY_ASSERT_OK(batches.ListErrors(key, std::nullopt, 10, Soon()));
  expect_ended({"list_batch_errors"});
  FAIRWAY_ASSERT_OK(batches.SweepInterrupted(Soon()));
  expect_ended({"sweep_batches"});

  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto snapshot, rates.Snapshot(NewestHeld{}, Soon()));
  expect_ended({"open_rate_snapshot"});
  const Day day = std::chrono::year(2021) / 1 / 1;
  FAIRWAY_ASSERT_OK(snapshot->ReadDailyRates(
      {.origin = "world", .destination = "world", .days = {day, day}}, Soon()));
  expect_ended({"read_daily_rates"});
  FAIRWAY_ASSERT_OK(snapshot->ListLanes(std::nullopt, 10, Soon()));
  expect_ended({"list_lanes"});
  FAIRWAY_ASSERT_OK(rates.ReadDataset(Soon()));
  expect_ended({"read_dataset"});

  FAIRWAY_ASSERT_OK_AND_ASSIGN(const DatasetState state, source.ReadState(Soon()));
  expect_ended({"read_state"});
  FAIRWAY_ASSERT_OK(source.ReadChanges(state.version, Soon()));
  expect_ended({"read_changes"});
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const auto reader, source.OpenReader(state.version, Soon()));
  expect_ended({"open_series_reader"});
  const auto ignore = [](const Series&) { return absl::OkStatus(); };
  FAIRWAY_ASSERT_OK(reader->ReadBatch(1, {}, ignore));
  expect_ended({"read_batch_series"});
  FAIRWAY_ASSERT_OK(reader->ReadOrigin(state.version.number, 1, ignore));
  expect_ended({"read_origin_series"});
  FAIRWAY_ASSERT_OK(commits.ReadCommits({0}, 1, 10, Soon()));
  expect_ended({"read_commits"});
}

}  // namespace
}  // namespace fairway
