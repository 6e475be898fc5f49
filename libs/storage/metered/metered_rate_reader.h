#pragma once

#include "libs/base/deadline.h"
#include "libs/storage/metered/store_metrics.h"
#include "libs/storage/rate_reader.h"

namespace fairway {

// A RateReader that asks a database, and its snapshots, with metrics. What TrySnapshot gives is in
// memory and not measured: that path is too hot. Borrows the reader, which must outlive the
// snapshots. Thread-safe.
class MeteredRateReader final : public RateReader {
 public:
  MeteredRateReader(RateReader* reader, StoreMetrics* metrics);

  std::shared_ptr<const RateSnapshot> TrySnapshot(const Consistency& consistency) override {
    return reader_.TrySnapshot(consistency);
  }
  absl::Duration Lag() const override { return reader_.Lag(); }
  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency& consistency,
                                                               const Deadline& deadline) override;
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline& deadline) override;

  struct SnapshotMetrics {
    OperationMetrics read_daily_rates;
    OperationMetrics list_lanes;
  };

 private:
  RateReader& reader_;
  const OperationMetrics open_snapshot_;
  const OperationMetrics read_dataset_;
  const SnapshotMetrics snapshot_;
};

}  // namespace fairway
